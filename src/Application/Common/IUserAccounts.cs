namespace MetaMessaging.Application.Common;

/// <summary>Accounts and passwords, kept by ASP.NET Core Identity.</summary>
public interface IUserAccounts
{
    Task<bool> AnyAsync(CancellationToken cancellationToken);

    Task<UserAccount> CreateAsync(NewUserAccount account, CancellationToken cancellationToken);

    /// <summary>Five wrong passwords lock the account for five minutes.</summary>
    /// <returns>Null for a wrong pair and for a locked account: the two are not told apart.</returns>
    Task<UserAccount?> CheckPasswordAsync(string email, string password, CancellationToken cancellationToken);

    /// <returns>Null when the account was deleted, or its security stamp has changed since.</returns>
    Task<UserAccount?> FindAsync(long userId, string? securityStamp, CancellationToken cancellationToken);

    Task<UserAccount?> FindByEmailAsync(string email, CancellationToken cancellationToken);

    Task<IReadOnlyDictionary<long, UserAccount>> FindAllAsync(IReadOnlyCollection<long> userIds, CancellationToken cancellationToken);

    Task<IReadOnlyDictionary<long, string>> NamesAsync(IReadOnlyCollection<long> userIds, CancellationToken cancellationToken);
}

public sealed record NewUserAccount(string Email, string Name, string Password, bool IsSystemAdmin);

/// <param name="SecurityStamp">Changes when every cookie and token of the account becomes invalid.</param>
public sealed record UserAccount(
    long Id, string Email, string Name, bool IsSystemAdmin, bool HasTwoFactor, string SecurityStamp);
