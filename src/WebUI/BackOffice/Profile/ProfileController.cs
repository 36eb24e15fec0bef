using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.WebUI.BackOffice;

[Authorize(Policy = Policies.Member)]
public sealed class ProfileController(IMediator mediator, ICaller caller) : BackOfficeController(mediator)
{
    [HttpGet("/settings/profile")]
    public async Task<IActionResult> Index(string? saved, CancellationToken cancellationToken) =>
        PageView(ProfileForm.Of(await Mediator.Send(new GetProfile(), cancellationToken)), saved);

    [HttpPost("/settings/profile")]
    public async Task<IActionResult> Save(ProfileForm form, CancellationToken cancellationToken)
    {
        var request = new UpdateMe(form.Name ?? "", form.TimeZone ?? "", form.Language ?? "");
        return await TryAskAsync(request, cancellationToken) is not null
            ? RedirectToAction(nameof(Index), new { saved = "profile" })
            : PageView(form, null);
    }

    [HttpPost("/settings/profile/password")]
    public async Task<IActionResult> ChangePassword(ChangePasswordForm form, CancellationToken cancellationToken) =>
        await TrySendAsync(new ChangePassword(form.CurrentPassword, form.NewPassword), cancellationToken)
            ? RedirectToAction(nameof(Index), new { saved = "password" })
            : PageView(ProfileForm.Of(await Mediator.Send(new GetProfile(), cancellationToken)), null);

    private ViewResult PageView(ProfileForm form, string? saved) =>
        View("Index", new ProfileViewModel(caller.Email, form, new ChangePasswordForm(), saved));
}

/// <param name="Saved">"profile" or "password", after it was saved.</param>
public sealed record ProfileViewModel(string Email, ProfileForm Form, ChangePasswordForm Password, string? Saved);
