namespace MetaMessaging.Application.Common;

/// <summary>Accounts and passwords, kept by ASP.NET Core Identity.</summary>
public interface IUserAccounts
{
    Task<bool> AnyAsync(CancellationToken cancellationToken);

    Task<UserAccount> CreateAsync(NewUserAccount account, CancellationToken cancellationToken);

    /// <summary>Five wrong passwords lock the account for five minutes.</summary>
    /// <returns>Null for a wrong pair and for a locked account: the two are not told apart.</returns>
    Task<UserAccount?> CheckPasswordAsync(string email, string password, CancellationToken cancellationToken);

    Task<UserAccount?> FindAsync(long userId, CancellationToken cancellationToken);

    Task<UserAccount?> FindByEmailAsync(string email, CancellationToken cancellationToken);

    Task<IReadOnlyDictionary<long, UserAccount>> FindAllAsync(IReadOnlyCollection<long> userIds, CancellationToken cancellationToken);

    Task<IReadOnlyDictionary<long, string>> NamesAsync(IReadOnlyCollection<long> userIds, CancellationToken cancellationToken);
}

public sealed record NewUserAccount(string Email, string Name, string Password, bool IsSystemAdmin);

/// <param name="HasTwoFactor">A password is not enough to sign in.</param>
/// <param name="TimeZone">IANA name; null for the organization's, like the language.</param>
public sealed record UserAccount(
    long Id, string Email, string Name, bool IsSystemAdmin, bool HasTwoFactor, string? TimeZone, string? Language);
