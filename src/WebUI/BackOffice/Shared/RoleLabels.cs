namespace MetaMessaging.WebUI.BackOffice;

internal static class RoleLabels
{
    public static IReadOnlyList<(OrganizationRoles Role, string Name, string Text)> All { get; } =
    [
        (OrganizationRoles.Admin, "Admin", "Settings, integrations, members"),
        (OrganizationRoles.Agent, "Agent", "Conversations, contacts, sending"),
        (OrganizationRoles.Ops, "Ops", "Webhook deliveries, jobs, health"),
    ];

    public static string Of(IReadOnlyList<OrganizationRoles> roles) =>
        string.Join(" · ", All.Where(label => roles.Contains(label.Role)).Select(label => label.Name));
}
