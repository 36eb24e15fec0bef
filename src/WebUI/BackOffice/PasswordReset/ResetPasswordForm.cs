using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.WebUI.BackOffice;

[RulesOf(typeof(ResetPassword))]
public sealed class ResetPasswordForm { public string? Password { get; set; } }
