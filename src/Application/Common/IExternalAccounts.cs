namespace MetaMessaging.Application.Common;

/// <summary>Accounts whose owners sign in through another provider.</summary>
public interface IExternalAccounts
{
    Task<UserAccount?> FindAsync(ExternalIdentity identity, CancellationToken cancellationToken);

    /// <summary>From now on the identity signs in to this account.</summary>
    Task LinkAsync(long userId, ExternalIdentity identity, CancellationToken cancellationToken);

    /// <summary>Without a password: the owner may choose one by a link.</summary>
    Task<UserAccount> CreateAsync(string email, string name, ExternalIdentity identity, CancellationToken cancellationToken);
}

/// <param name="Issuer">The provider.</param>
/// <param name="Subject">The person's id there, which never changes.</param>
public sealed record ExternalIdentity(string Issuer, string Subject);
