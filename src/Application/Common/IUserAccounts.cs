namespace MetaMessaging.Application.Common;

/// <summary>Accounts and passwords, kept by ASP.NET Core Identity.</summary>
public interface IUserAccounts
{
    Task<bool> AnyAsync(CancellationToken cancellationToken);

    /// <exception cref="FluentValidation.ValidationException">The e-mail address or the password is not acceptable.</exception>
    Task<Person> CreateAsync(NewPerson person, CancellationToken cancellationToken);

    /// <summary>Counts failures and locks out after five, for five minutes.</summary>
    /// <returns>Null for a wrong pair and while locked out; the two look the same.</returns>
    Task<Person?> CheckPasswordAsync(string email, string password, CancellationToken cancellationToken);

    /// <returns>Null when the person is gone, or everything issued to them was revoked (another security stamp).</returns>
    Task<Person?> FindAsync(long userId, string? securityStamp, CancellationToken cancellationToken);

    Task<IReadOnlyDictionary<long, string>> NamesAsync(IReadOnlyCollection<long> userIds, CancellationToken cancellationToken);
}

public sealed record NewPerson(string Email, string Name, string Password, bool IsSystemAdmin);

/// <param name="SecurityStamp">Changes when everything issued to the person becomes void.</param>
public sealed record Person(long Id, string Email, string Name, bool IsSystemAdmin, string SecurityStamp);
