using MetaMessaging.Application.ApiKeys;

namespace MetaMessaging.WebUI.BackOffice;

[Authorize(Policy = Policies.Admin)]
public sealed class ApiKeysController(IMediator mediator) : BackOfficeController(mediator)
{
    [HttpGet("/settings/api-keys")]
    public Task<IActionResult> Index(string? cursor, CancellationToken cancellationToken) =>
        PageView(new ApiKeyForm(), null, cursor, cancellationToken);

    /// <summary>The answer holds the key instead of a redirect: only its hash is stored, so no later page could show it.</summary>
    [HttpPost("/settings/api-keys")]
    public async Task<IActionResult> Create(ApiKeyForm form, CancellationToken cancellationToken)
    {
        var created = await TryAskAsync(new CreateApiKey(form.Name, form.Scopes), cancellationToken);
        Response.Headers.CacheControl = "no-cache, no-store";   // as the antiforgery sets it, which warns otherwise
        return await PageView(created is null ? form : new ApiKeyForm(), created, null, cancellationToken);
    }

    [HttpPost("/settings/api-keys/{id:long}/delete")]
    public async Task<IActionResult> Delete(long id, CancellationToken cancellationToken)
    {
        await Mediator.Send(new DeleteApiKey(id), cancellationToken);
        return RedirectToAction(nameof(Index));
    }

    private async Task<IActionResult> PageView(
        ApiKeyForm form, CreatedApiKey? created, string? cursor, CancellationToken cancellationToken) =>
        View("Index", new ApiKeysViewModel(await Mediator.Send(new ListApiKeys(Cursor: cursor), cancellationToken), form, created));
}

public sealed record ApiKeysViewModel(Page<ApiKeyModel> Keys, ApiKeyForm Form, CreatedApiKey? Created);
