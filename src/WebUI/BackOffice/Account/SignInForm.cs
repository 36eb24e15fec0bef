using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.WebUI.BackOffice;

[RulesOf(typeof(SignIn))]
public sealed class SignInForm
{
    public string? Email { get; set; }

    public string? Password { get; set; }

    public bool RememberMe { get; set; }

    public string? ReturnUrl { get; set; }
}

public sealed record SignInViewModel(SignInForm Form, IReadOnlyList<string> DemoPeople, bool PasswordChanged, string? OpenIdName);
