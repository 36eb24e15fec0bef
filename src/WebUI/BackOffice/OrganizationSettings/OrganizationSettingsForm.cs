using MetaMessaging.Application.Organizations;

namespace MetaMessaging.WebUI.BackOffice;

[RulesOf(typeof(UpdateOrganizationSettings))]
public sealed class OrganizationSettingsForm
{
    public string? TimeZone { get; set; }

    public string? Language { get; set; }
}

public sealed record OrganizationSettingsViewModel(string Name, OrganizationSettingsForm Form, bool IsSaved);
