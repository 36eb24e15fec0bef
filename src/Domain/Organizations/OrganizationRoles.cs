namespace MetaMessaging.Domain.Organizations;

[Flags]
public enum OrganizationRoles
{
    None = 0,

    /// <summary>Settings, integrations, members.</summary>
    Admin = 1,

    /// <summary>Conversations, contacts, sending.</summary>
    Agent = 2,

    /// <summary>Webhook deliveries, jobs, health.</summary>
    Ops = 4,

    All = Admin | Agent | Ops,
}

public static class OrganizationRolesExtensions
{
    private static readonly OrganizationRoles[] Single = [OrganizationRoles.Admin, OrganizationRoles.Agent, OrganizationRoles.Ops];

    public static IReadOnlyList<OrganizationRoles> ToList(this OrganizationRoles roles) => [.. Single.Where(role => roles.HasFlag(role))];

    public static OrganizationRoles Combine(this IEnumerable<OrganizationRoles> roles) =>
        roles.Aggregate(OrganizationRoles.None, (all, role) => all | role);

    /// <summary>False for a combination: lists name each role by itself.</summary>
    public static bool IsSingle(this OrganizationRoles role) => Single.Contains(role);
}
