using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.WebUI.BackOffice;

[RulesOf(typeof(SignInWithTwoFactor))]
public sealed class TwoFactorForm
{
    public string? TwoFactorToken { get; set; }

    public string? Code { get; set; }

    public bool RememberMe { get; set; }

    public string? ReturnUrl { get; set; }
}
