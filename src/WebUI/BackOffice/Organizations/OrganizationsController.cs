using MetaMessaging.Application.Organizations;

namespace MetaMessaging.WebUI.BackOffice;

[Authorize(Policy = Policies.SystemAdmin)]
public sealed class OrganizationsController(IMediator mediator) : BackOfficeController(mediator)
{
    [HttpGet("/admin/organizations")]
    public async Task<IActionResult> Index(string? cursor, CancellationToken cancellationToken) => WantsPartial
        ? PartialView("_List", (await Mediator.Send(new ListOrganizations(Cursor: cursor), cancellationToken)).Items)
        : await PageView(new OrganizationForm(), null, cursor, cancellationToken);

    /// <summary>The answer holds the link instead of a redirect: only its hash is stored, so no later page could show it.</summary>
    [HttpPost("/admin/organizations")]
    public async Task<IActionResult> Create(OrganizationForm form, CancellationToken cancellationToken)
    {
        var created = await TryAskAsync(new CreateOrganization(form.Name, form.AdminEmail), cancellationToken);
        Response.Headers.CacheControl = "no-cache, no-store";   // as the antiforgery sets it, which warns otherwise
        return await PageView(created is null ? form : new OrganizationForm(), created, null, cancellationToken);
    }

    [HttpPost("/admin/organizations/{id:long}/rename")]
    public Task<IActionResult> Rename(long id, string? name, CancellationToken cancellationToken) =>
        ChangeAsync(new UpdateOrganization(id, name ?? "", null), cancellationToken);

    [HttpPost("/admin/organizations/{id:long}/suspend")]
    public Task<IActionResult> Suspend(long id, CancellationToken cancellationToken) =>
        ChangeAsync(new UpdateOrganization(id, null, OrganizationState.Suspended), cancellationToken);

    [HttpPost("/admin/organizations/{id:long}/activate")]
    public Task<IActionResult> Activate(long id, CancellationToken cancellationToken) =>
        ChangeAsync(new UpdateOrganization(id, null, OrganizationState.Active), cancellationToken);

    [HttpPost("/admin/organizations/{id:long}/delete")]
    public Task<IActionResult> Delete(long id, string? confirm, CancellationToken cancellationToken) =>
        ChangeAsync(new DeleteOrganization(id, confirm), cancellationToken);

    private async Task<IActionResult> ChangeAsync<T>(IRequest<T> request, CancellationToken cancellationToken) =>
        await TrySendAsync(request, cancellationToken)
            ? RedirectToAction(nameof(Index))
            : await PageView(new OrganizationForm(), null, null, cancellationToken);

    private async Task<IActionResult> PageView(
        OrganizationForm form, CreatedOrganization? created, string? cursor, CancellationToken cancellationToken) =>
        View("Index", new OrganizationsViewModel(
            await Mediator.Send(new ListOrganizations(Cursor: cursor), cancellationToken), form, created));
}

public sealed record OrganizationsViewModel(
    Page<OrganizationOverview> Organizations, OrganizationForm Form, CreatedOrganization? Created);
