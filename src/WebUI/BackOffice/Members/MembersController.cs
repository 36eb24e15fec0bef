using MetaMessaging.Application.Members;
using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.WebUI.BackOffice;

[Authorize(Policy = Policies.Admin)]
public sealed class MembersController(IMediator mediator) : BackOfficeController(mediator)
{
    [HttpGet("/settings/members")]
    public Task<IActionResult> Index(string? cursor, CancellationToken cancellationToken) =>
        PageView(new InvitationForm(), null, null, cursor, cancellationToken);

    /// <summary>The answer holds the link instead of a redirect: only its hash is stored, so no later page could show it.</summary>
    [HttpPost("/settings/members/invitations")]
    public async Task<IActionResult> Invite(InvitationForm form, CancellationToken cancellationToken)
    {
        var invited = await TryAskAsync(new InviteMember(form.Email, form.Roles), cancellationToken);
        Response.Headers.CacheControl = "no-cache, no-store";   // as the antiforgery sets it, which warns otherwise
        return await PageView(invited is null ? form : new InvitationForm(), invited, null, null, cancellationToken);
    }

    [HttpPost("/settings/members/invitations/{id:long}/revoke")]
    public async Task<IActionResult> Revoke(long id, CancellationToken cancellationToken)
    {
        await Mediator.Send(new RevokeInvitation(id), cancellationToken);
        return RedirectToAction(nameof(Index));
    }

    [HttpPost("/settings/members/{userId:long}/roles")]
    public Task<IActionResult> ChangeRoles(long userId, RolesForm form, CancellationToken cancellationToken) =>
        ChangeAsync(new UpdateMember(userId, form.Roles ?? [], null), cancellationToken);

    [HttpPost("/settings/members/{userId:long}/deactivate")]
    public Task<IActionResult> Deactivate(long userId, CancellationToken cancellationToken) =>
        ChangeAsync(new UpdateMember(userId, null, MembershipState.Deactivated), cancellationToken);

    [HttpPost("/settings/members/{userId:long}/activate")]
    public Task<IActionResult> Activate(long userId, CancellationToken cancellationToken) =>
        ChangeAsync(new UpdateMember(userId, null, MembershipState.Active), cancellationToken);

    [HttpPost("/settings/members/{userId:long}/password-reset")]
    public async Task<IActionResult> ResetPassword(long userId, CancellationToken cancellationToken)
    {
        var link = await TryAskAsync(new CreatePasswordReset(userId), cancellationToken);
        Response.Headers.CacheControl = "no-cache, no-store";   // as the antiforgery sets it, which warns otherwise
        return await PageView(new InvitationForm(), null, link, null, cancellationToken);
    }

    [HttpPost("/settings/members/{userId:long}/remove")]
    public Task<IActionResult> Remove(long userId, CancellationToken cancellationToken) =>
        ChangeAsync(new RemoveMember(userId), cancellationToken);

    private async Task<IActionResult> ChangeAsync<T>(IRequest<T> request, CancellationToken cancellationToken) =>
        await TrySendAsync(request, cancellationToken)
            ? RedirectToAction(nameof(Index))
            : await PageView(new InvitationForm(), null, null, null, cancellationToken);

    private async Task<IActionResult> PageView(
        InvitationForm form, InvitedMember? invited, PasswordResetLink? reset, string? cursor, CancellationToken cancellationToken) =>
        View("Index", new MembersViewModel(
            await Mediator.Send(new ListMembers(Cursor: cursor), cancellationToken),
            await Mediator.Send(new ListInvitations(Limit: 200), cancellationToken), form, invited, reset));
}

public sealed record MembersViewModel(
    Page<MemberModel> Members, Page<InvitationModel> Invitations, InvitationForm Form, InvitedMember? Invited,
    PasswordResetLink? Reset);
