using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.WebUI.BackOffice;

[RulesOf(typeof(ForgotPassword))]
public sealed class ForgotPasswordForm { public string? Email { get; set; } }
