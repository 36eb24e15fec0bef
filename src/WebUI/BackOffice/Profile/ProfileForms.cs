using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.WebUI.BackOffice;

[RulesOf(typeof(UpdateMe))]
public sealed class ProfileForm
{
    public string? Name { get; set; }

    public string? TimeZone { get; set; }

    public string? Language { get; set; }

    internal static ProfileForm Of(UserProfile profile) =>
        new() { Name = profile.Name, TimeZone = profile.TimeZone, Language = profile.Language };
}

[RulesOf(typeof(ChangePassword))]
public sealed class ChangePasswordForm
{
    public string? CurrentPassword { get; set; }

    public string? NewPassword { get; set; }
}
