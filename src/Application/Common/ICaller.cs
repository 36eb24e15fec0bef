using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Organizations;

namespace MetaMessaging.Application.Common;

/// <summary>Who asks. Workers have none.</summary>
public interface ICaller
{
    /// <exception cref="UnauthenticatedException">Nobody is signed in.</exception>
    long UserId { get; }

    string Name { get; }

    string Email { get; }

    bool IsSystemAdmin { get; }

    OrganizationRoles Roles { get; }

    /// <summary>How what they send is signed.</summary>
    Sender Sender { get; }
}
