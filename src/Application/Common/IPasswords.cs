namespace MetaMessaging.Application.Common;

/// <summary>Passwords of existing accounts, kept by ASP.NET Core Identity.</summary>
public interface IPasswords
{
    /// <summary>For a user who is signed in. A wrong password counts as a failed sign-in of the account.</summary>
    Task<bool> CheckAsync(long userId, string password, CancellationToken cancellationToken);

    /// <summary>
    /// The command's own save stores it. Links for a new password, and sign-ins that wait for a second factor, are refused afterwards.
    /// </summary>
    /// <param name="property">Of the request, for what is wrong with the password.</param>
    /// <exception cref="ValidationException">Too short, or one of the most common.</exception>
    Task SetAsync(long userId, string password, string property, CancellationToken cancellationToken);

    /// <summary>For a link by which the account gets a new password, once, within <see cref="ResetLifetime"/>.</summary>
    Task<string> CreateResetTokenAsync(long userId, CancellationToken cancellationToken);

    /// <returns>Null when the token was used, is too old, or was never issued.</returns>
    Task<UserAccount?> FindByResetTokenAsync(string token, CancellationToken cancellationToken);

    static readonly TimeSpan ResetLifetime = TimeSpan.FromHours(1);
}
