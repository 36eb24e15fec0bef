using MetaMessaging.Application.Members;
using MetaMessaging.Application.Organizations;
using MetaMessaging.Application.UserAccounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace MetaMessaging.WebUI.BackOffice;

/// <summary>The page that an invitation's link opens.</summary>
[AllowAnonymous]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
public sealed class InvitationsController(IMediator mediator, ICaller caller) : BackOfficeController(mediator)
{
    [HttpGet("/invitations/{token}")]
    public Task<IActionResult> Index(string token, CancellationToken cancellationToken) =>
        PageView(token, new AcceptForm(), cancellationToken);

    [HttpPost("/invitations/{token}")]
    public async Task<IActionResult> Accept(string token, AcceptForm form, CancellationToken cancellationToken)
    {
        var request = new AcceptInvitation(token, form.Name, form.Password, User.UserId());
        if (await TryAskAsync(request, cancellationToken) is not { } accepted) return await PageView(token, form, cancellationToken);

        if (User.UserId() is not null)
        {
            await Mediator.Send(new SwitchOrganization(accepted.OrganizationId, User.Session().SessionId), cancellationToken);
            return LocalRedirect("/");
        }

        await HttpContext.StartSessionAsync(Mediator, accepted.User, isPersistent: false, cancellationToken, accepted.OrganizationId);
        return LocalRedirect("/");
    }

    /// <summary>For somebody who is signed in with another account than the invitation's.</summary>
    [HttpPost("/invitations/{token}/sign-out")]
    public async Task<IActionResult> Leave(string token, CancellationToken cancellationToken)
    {
        await Mediator.Send(new SignOut(User.Session().SessionId), cancellationToken);
        await HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return RedirectToAction(nameof(Index), new { token });
    }

    private async Task<IActionResult> PageView(string token, AcceptForm form, CancellationToken cancellationToken)
    {
        InvitationDetails invitation;
        try
        {
            invitation = await Mediator.Send(new GetInvitation(token), cancellationToken);
        }
        catch (GoneException)
        {
            Response.StatusCode = StatusCodes.Status410Gone;
            return View("Expired");
        }

        var viewer = User.UserId() is null ? null : caller.Email;
        return View("Index", new InvitationViewModel(token, invitation, viewer, form));
    }
}

/// <param name="Viewer">The address of the account that is signed in; null when none is.</param>
public sealed record InvitationViewModel(string Token, InvitationDetails Invitation, string? Viewer, AcceptForm Form)
{
    public bool IsForViewer => string.Equals(Viewer, Invitation.Email, StringComparison.OrdinalIgnoreCase);
}
