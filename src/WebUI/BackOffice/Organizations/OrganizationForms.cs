using MetaMessaging.Application.Organizations;

namespace MetaMessaging.WebUI.BackOffice;

[RulesOf(typeof(CreateOrganization))]
public sealed class OrganizationForm
{
    public string? Name { get; set; }

    public string? AdminEmail { get; set; }
}
