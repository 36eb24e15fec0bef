using MetaMessaging.Application.Members;

namespace MetaMessaging.WebUI.BackOffice;

[RulesOf(typeof(InviteMember))]
public sealed class InvitationForm
{
    public string? Email { get; set; }

    public IReadOnlyList<OrganizationRoles>? Roles { get; set; } = [OrganizationRoles.Agent];
}

public sealed class RolesForm
{
    public IReadOnlyList<OrganizationRoles>? Roles { get; set; }
}
