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
