namespace MetaMessaging.Application.Common;

/// <summary>The caller of the current request. Background work has none.</summary>
public interface ICaller
{
    /// <summary>0 for an API key, which has no user id.</summary>
    long UserId { get; }

    /// <summary>0 for an API key.</summary>
    long SessionId { get; }

    string Name { get; }

    string Email { get; }

    bool IsSystemAdmin { get; }

    OrganizationRoles Roles { get; }

    Sender Sender { get; }

    /// <summary>Who the audit log names.</summary>
    AuditActor Actor { get; }
}
