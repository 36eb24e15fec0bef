namespace MetaMessaging.Application.Common;

/// <summary>The caller of the current request. Background work has none.</summary>
public interface ICaller
{
    /// <summary>0 for an API key, which has no user id.</summary>
    /// <exception cref="UnauthenticatedException">The request is anonymous.</exception>
    long UserId { get; }

    string Name { get; }

    string Email { get; }

    bool IsSystemAdmin { get; }

    OrganizationRoles Roles { get; }

    /// <summary>The origin, id and name that are stored with messages of the caller.</summary>
    Sender Sender { get; }
}
