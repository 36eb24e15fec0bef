using MetaMessaging.Application.Organizations;
using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.WebUI.BackOffice;

/// <summary>The caller's second factor, passkeys and sessions, and what the organization asks of its members' sign-ins.</summary>
[Authorize(Policy = Policies.Member)]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
public sealed class SecurityController(IMediator mediator) : BackOfficeController(mediator)
{
    [HttpGet("/settings/security")]
    public async Task<IActionResult> Index(CancellationToken cancellationToken)
    {
        var security = User.IsInRole(Policies.Admin) ? await Mediator.Send(new GetSecuritySettings(), cancellationToken) : null;
        return await PageView(security is null ? null : SecurityForm.Of(security), cancellationToken);
    }

    [HttpPost("/settings/security")]
    [Authorize(Policy = Policies.Admin)]
    public async Task<IActionResult> Save(SecurityForm form, CancellationToken cancellationToken) =>
        await TryAskAsync(new UpdateSecuritySettings(form.RequireTwoFactor, form.SessionHours), cancellationToken) is not null
            ? RedirectToAction(nameof(Index))
            : await PageView(form, cancellationToken);

    [HttpPost("/settings/security/two-factor")]
    public async Task<IActionResult> StartTwoFactor(CancellationToken cancellationToken) =>
        await TryAskAsync(new StartTwoFactor(), cancellationToken) is { } key
            ? View("TwoFactor", ConfirmForm.Of(key))
            : await Index(cancellationToken);

    /// <summary>The answer holds the codes instead of a redirect: no later page can show them.</summary>
    [HttpPost("/settings/security/two-factor/confirm")]
    public async Task<IActionResult> ConfirmTwoFactor(ConfirmForm form, CancellationToken cancellationToken) =>
        await TryAskAsync(new ConfirmTwoFactor(form.Code), cancellationToken) is { } codes
            ? View("RecoveryCodes", codes.RecoveryCodes)
            : form.OtpauthUri?.Length > ConfirmForm.MaxUriLength ? await Index(cancellationToken) : View("TwoFactor", form);

    [HttpPost("/settings/security/two-factor/remove")]
    public Task<IActionResult> DisableTwoFactor(CancellationToken cancellationToken) =>
        SendAsync(new DisableTwoFactor(), cancellationToken);

    [HttpPost("/settings/security/recovery-codes")]
    public async Task<IActionResult> RenewRecoveryCodes(CancellationToken cancellationToken)
    {
        if (await TryAskAsync(new RenewRecoveryCodes(), cancellationToken) is not { } codes) return await Index(cancellationToken);
        ViewData["Heading"] = "Your new recovery codes";
        return View("RecoveryCodes", codes.RecoveryCodes);
    }

    /// <summary>Called by passkeys.js.</summary>
    [HttpPost("/settings/security/passkeys/options")]
    public async Task<IActionResult> PasskeyOptions(CancellationToken cancellationToken) =>
        Json(await Mediator.Send(new StartPasskey(), cancellationToken));

    [HttpPost("/settings/security/passkeys")]
    public async Task<IActionResult> AddPasskey(PasskeyForm form, CancellationToken cancellationToken)
    {
        var added = await TryAskAsync(new AddPasskey(form.Name, form.Credential, form.State), cancellationToken);
        if (added is null) return await Index(cancellationToken);
        return added.RecoveryCodes.Count > 0 ? View("RecoveryCodes", added.RecoveryCodes) : RedirectToAction(nameof(Index));
    }

    [HttpPost("/settings/security/passkeys/{id}/remove")]
    public Task<IActionResult> RemovePasskey(string id, CancellationToken cancellationToken) =>
        SendAsync(new RemovePasskey(id), cancellationToken);

    [HttpPost("/settings/security/sessions/{id:long}/end")]
    public Task<IActionResult> EndSession(long id, CancellationToken cancellationToken) =>
        SendAsync(new EndSession(id), cancellationToken);

    [HttpPost("/settings/security/sessions/end")]
    public Task<IActionResult> EndOtherSessions(CancellationToken cancellationToken) =>
        SendAsync(new EndOtherSessions(), cancellationToken);

    private async Task<IActionResult> SendAsync<T>(IRequest<T> request, CancellationToken cancellationToken)
    {
        await Mediator.Send(request, cancellationToken);
        return RedirectToAction(nameof(Index));
    }

    private async Task<IActionResult> PageView(SecurityForm? form, CancellationToken cancellationToken)
    {
        var methods = await Mediator.Send(new GetSignInMethods(), cancellationToken);
        return View("Index", new SecurityViewModel(methods, await Mediator.Send(new ListSessions(), cancellationToken), form));
    }
}

/// <param name="Form">What the organization asks for; null for those who are not its admins.</param>
public sealed record SecurityViewModel(SignInMethods Methods, Page<SessionModel> Sessions, SecurityForm? Form);
