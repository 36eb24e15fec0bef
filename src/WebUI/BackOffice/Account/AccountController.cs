using MetaMessaging.Application.UserAccounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace MetaMessaging.WebUI.BackOffice;

[AllowAnonymous]
public sealed class AccountController(IMediator mediator, IConfiguration configuration) : BackOfficeController(mediator)
{
    /// <summary>The demo's configuration holds "address|password" of its agent; no other installation has the key.</summary>
    private string[]? DemoSignIn => configuration["Demo:SignIn"]?.Split('|', 2) is [_, _] pair ? pair : null;

    [HttpGet("/account/login")]
    public async Task<IActionResult> SignIn(string? returnUrl, CancellationToken cancellationToken) =>
        await Mediator.Send(new IsSetUp(), cancellationToken)
            ? SignInView(new SignInForm { ReturnUrl = returnUrl })
            : RedirectToAction(nameof(SetUp));

    [HttpPost("/account/login")]
    public Task<IActionResult> SignIn(SignInForm form, CancellationToken cancellationToken) =>
        SignInAsync(form, form.Email, form.Password, cancellationToken);

    [HttpPost("/account/demo")]
    public Task<IActionResult> SignInToDemo(SignInForm form, CancellationToken cancellationToken) =>
        DemoSignIn is [var email, var password]
            ? SignInAsync(form, email, password, cancellationToken)
            : Task.FromResult<IActionResult>(NotFound());

    [HttpPost("/account/logout")]
    public async Task<IActionResult> Logout(CancellationToken cancellationToken)
    {
        await Mediator.Send(new SignOut(User.Session().SessionId), cancellationToken);
        await HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return RedirectToAction(nameof(SignIn));
    }

    [HttpGet("/account/denied")]
    public IActionResult Denied()
    {
        Response.StatusCode = StatusCodes.Status403Forbidden;
        return View();
    }

    [HttpGet("/setup")]
    public async Task<IActionResult> SetUp(CancellationToken cancellationToken) =>
        await Mediator.Send(new IsSetUp(), cancellationToken)
            ? RedirectToAction(nameof(HomeController.Index), "Home")
            : View(new SetUpForm());

    [HttpPost("/setup")]
    public async Task<IActionResult> SetUp(SetUpForm form, CancellationToken cancellationToken)
    {
        var request = new SetUp(form.Organization, form.Name, form.Email, form.Password);
        if (await TryAskAsync(request, cancellationToken) is not { } person) return View(form);

        await WriteCookieAsync(person, persistent: false, cancellationToken);
        return RedirectToAction(nameof(SystemConfigController.Index), "SystemConfig");
    }

    private async Task<IActionResult> SignInAsync(SignInForm form, string? email, string? password, CancellationToken cancellationToken)
    {
        try
        {
            if (await TryAskAsync(new SignIn(email, password), cancellationToken) is not { } person) return SignInView(form);

            await WriteCookieAsync(person, form.RememberMe, cancellationToken);
            return LocalRedirect(Url.IsLocalUrl(form.ReturnUrl) ? form.ReturnUrl : "/");
        }
        catch (Exception exception) when (exception is UnauthenticatedException or TooManyRequestsException)
        {
            ModelState.AddModelError("", exception.Message);
            return SignInView(form);
        }
    }

    private ViewResult SignInView(SignInForm form) => View("SignIn", new SignInViewModel(form, DemoSignIn is not null));

    private async Task WriteCookieAsync(UserAccount person, bool persistent, CancellationToken cancellationToken)
    {
        var session = await Mediator.Send(new StartSession(person.Id), cancellationToken);
        await HttpContext.SignInAsync(
            CookieAuthenticationDefaults.AuthenticationScheme,
            UserPrincipal.Of(person, session, CookieAuthenticationDefaults.AuthenticationScheme),
            new AuthenticationProperties { IsPersistent = persistent });
    }
}
