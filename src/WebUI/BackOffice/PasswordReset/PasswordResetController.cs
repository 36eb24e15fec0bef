using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.WebUI.BackOffice;

/// <summary>A new password for somebody who cannot sign in.</summary>
[AllowAnonymous]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]   // the address of a link is as good as a password
public sealed class PasswordResetController(IMediator mediator, IMail mail) : BackOfficeController(mediator)
{
    [HttpGet("/account/forgot")]
    public IActionResult Forgot() => ForgotView(new ForgotPasswordForm(), isSent: false);

    [HttpPost("/account/forgot")]
    public async Task<IActionResult> Forgot(ForgotPasswordForm form, CancellationToken cancellationToken) =>
        ForgotView(form, isSent: await TrySendAsync(new ForgotPassword(form.Email), cancellationToken));

    [HttpGet("/account/reset/{token}")]
    public async Task<IActionResult> Reset(string token, CancellationToken cancellationToken)
    {
        try
        {
            var reset = await Mediator.Send(new GetPasswordReset(token), cancellationToken);
            return View("Reset", new ResetPasswordViewModel(reset, new ResetPasswordForm()));
        }
        catch (GoneException)
        {
            Response.StatusCode = StatusCodes.Status410Gone;
            return View("Expired");
        }
    }

    [HttpPost("/account/reset/{token}")]
    public async Task<IActionResult> Reset(string token, ResetPasswordForm form, CancellationToken cancellationToken) =>
        await TrySendAsync(new ResetPassword(token, form.Password), cancellationToken)
            ? RedirectToAction(nameof(AccountController.SignIn), "Account", new { passwordChanged = true })
            : await Reset(token, cancellationToken);

    private ViewResult ForgotView(ForgotPasswordForm form, bool isSent) =>
        View(nameof(Forgot), new ForgotPasswordViewModel(form, isSent, mail.IsSetUp));
}

public sealed record ForgotPasswordViewModel(ForgotPasswordForm Form, bool IsSent, bool HasMail);

public sealed record ResetPasswordViewModel(PasswordResetModel Reset, ResetPasswordForm Form);
