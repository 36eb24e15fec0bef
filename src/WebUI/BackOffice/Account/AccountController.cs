using MetaMessaging.Application.SystemConfiguration;
using MetaMessaging.Application.UserAccounts;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace MetaMessaging.WebUI.BackOffice;

[AllowAnonymous]
public sealed class AccountController(IMediator mediator, IAntiforgery antiforgery, IConfiguration configuration)
    : BackOfficeController(mediator)
{
    /// <summary>The demo's configuration holds "who|address|password" of its people, by ";"; no other installation has the key.</summary>
    private string[][] DemoPeople =>
        [.. (configuration["Demo:SignIn"] ?? "").Split(';').Select(person => person.Split('|', 3)).Where(person => person.Length == 3)];

    [HttpGet("/account/login")]
    public async Task<IActionResult> SignIn(
        string? returnUrl, bool passwordChanged, string? refusal, CancellationToken cancellationToken)
    {
        if (!await Mediator.Send(new IsSetUp(), cancellationToken)) return RedirectToAction(nameof(SetUp));
        if (refusal == "openid_account") ModelState.AddModelError("", "You have no account here yet. Ask an admin for an invitation.");
        else if (refusal is not null) ModelState.AddModelError("", "Signing in there did not work. Try again, or use your password.");
        return await SignInViewAsync(new SignInForm { ReturnUrl = returnUrl }, cancellationToken, passwordChanged);
    }

    [HttpPost("/account/login")]
    [IgnoreAntiforgeryToken]   // SignInAsync checks it
    public Task<IActionResult> SignIn(SignInForm form, CancellationToken cancellationToken) =>
        SignInAsync(form, form.Email, form.Password, cancellationToken);

    [HttpPost("/account/demo")]
    [IgnoreAntiforgeryToken]   // SignInAsync checks it
    public Task<IActionResult> SignInToDemo(SignInForm form, int person, CancellationToken cancellationToken) =>
        DemoPeople.ElementAtOrDefault(person) is [_, var email, var password]
            ? SignInAsync(form, email, password, cancellationToken)
            : Task.FromResult<IActionResult>(NotFound());

    /// <summary>After the provider of OpenID Connect has vouched for a person who has a second factor here.</summary>
    [HttpGet("/account/login/two-factor")]
    public IActionResult TwoFactor() => TwoFactorCookie.Read(Request) is { } token
        ? View(new TwoFactorForm { TwoFactorToken = token })
        : RedirectToAction(nameof(SignIn));

    [HttpPost("/account/login/two-factor")]
    [IgnoreAntiforgeryToken]   // CheckFormAsync checks it
    public async Task<IActionResult> TwoFactor(TwoFactorForm form, CancellationToken cancellationToken)
    {
        await CheckFormAsync();
        try
        {
            var request = new SignInWithTwoFactor(form.TwoFactorToken, form.Code);
            return await TryAskAsync(request, cancellationToken) is { } person
                ? await EnterAsync(person, form.RememberMe, form.ReturnUrl, cancellationToken)
                : View(form);
        }
        catch (Exception exception) when (exception is UnauthenticatedException or TooManyRequestsException)
        {
            ModelState.AddModelError("", exception.Message);
            return View(form);
        }
    }

    /// <summary>Called by passkeys.js.</summary>
    [HttpPost("/account/passkey/options")]
    public async Task<IActionResult> PasskeyOptions(CancellationToken cancellationToken) =>
        Json(await Mediator.Send(new StartPasskeySignIn(), cancellationToken));

    [HttpPost("/account/passkey")]
    public async Task<IActionResult> SignInWithPasskey(PasskeySignInForm form, CancellationToken cancellationToken)
    {
        try
        {
            var person = await Mediator.Send(new SignInWithPasskey(form.Credential, form.State), cancellationToken);
            return await EnterAsync(person, persistent: false, form.ReturnUrl, cancellationToken);
        }
        catch (Exception exception) when (exception is UnauthenticatedException or TooManyRequestsException)
        {
            ModelState.AddModelError("", exception.Message);
            return await SignInViewAsync(new SignInForm { ReturnUrl = form.ReturnUrl }, cancellationToken);
        }
    }

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
    [IgnoreAntiforgeryToken]   // checked here
    public async Task<IActionResult> SetUp(SetUpForm form, CancellationToken cancellationToken)
    {
        await CheckFormAsync();
        var request = new SetUp(form.Organization, form.Name, form.Email, form.Password);
        if (await TryAskAsync(request, cancellationToken) is not { } person) return View(form);

        await HttpContext.StartSessionAsync(Mediator, person, isPersistent: false, cancellationToken);
        return RedirectToAction(nameof(SystemConfigController.Index), "SystemConfig");
    }

    private async Task<IActionResult> SignInAsync(SignInForm form, string? email, string? password, CancellationToken cancellationToken)
    {
        await CheckFormAsync();
        try
        {
            return await TryAskAsync(new SignIn(email, password), cancellationToken) is { } person
                ? await EnterAsync(person, form.RememberMe, form.ReturnUrl, cancellationToken)
                : await SignInViewAsync(form, cancellationToken);
        }
        catch (TwoFactorRequiredException exception)
        {
            ModelState.Clear();   // the fields of the next page are named like those of this one
            return View("TwoFactor", new TwoFactorForm
            {
                TwoFactorToken = exception.Token, RememberMe = form.RememberMe, ReturnUrl = form.ReturnUrl,
            });
        }
        catch (Exception exception) when (exception is UnauthenticatedException or TooManyRequestsException)
        {
            ModelState.AddModelError("", exception.Message);
            return await SignInViewAsync(form, cancellationToken);
        }
    }

    private async Task<IActionResult> EnterAsync(
        UserAccount person, bool persistent, string? returnUrl, CancellationToken cancellationToken)
    {
        await HttpContext.StartSessionAsync(Mediator, person, persistent, cancellationToken);
        return LocalRedirect(PlaceToReturnTo(returnUrl));
    }

    /// <summary>These forms are often open for long: one whose antiforgery token is no longer valid is shown again with another.</summary>
    private async Task CheckFormAsync()
    {
        if (await antiforgery.IsRequestValidAsync(HttpContext)) return;
        Response.StatusCode = StatusCodes.Status400BadRequest;
        ModelState.AddModelError("", "This page was open for too long. Enter your password again.");
    }

    private async Task<IActionResult> SignInViewAsync(
        SignInForm form, CancellationToken cancellationToken, bool passwordChanged = false)
    {
        var openId = await Mediator.Send(new GetOpenIdSettings(), cancellationToken);
        return View("SignIn", new SignInViewModel(form, [.. DemoPeople.Select(person => person[0])], passwordChanged, openId?.Name));
    }
}
