namespace MetaMessaging.Application.Common;

/// <summary>
/// The second factor of accounts: codes of an authenticator app, and recovery codes for who has lost it. Kept by ASP.NET Core Identity,
/// which saves what the unit of work has changed together with its own changes.
/// </summary>
public interface ITwoFactor
{
    /// <summary>Creates the key of an authenticator app, in place of one that was not confirmed.</summary>
    /// <exception cref="ConflictException">two_factor_enabled</exception>
    Task<AuthenticatorKey> CreateKeyAsync(long userId, CancellationToken cancellationToken);

    /// <returns>The recovery codes, which cannot be shown again; null when the code is wrong.</returns>
    /// <exception cref="ConflictException">two_factor_enabled</exception>
    Task<IReadOnlyList<string>?> EnableAsync(long userId, string code, CancellationToken cancellationToken);

    /// <summary>Removes the authenticator app; the recovery codes, too, unless a passkey is left as second factor.</summary>
    /// <returns>Whether there was one.</returns>
    Task<bool> DisableAsync(long userId, CancellationToken cancellationToken);

    /// <summary>The earlier ones, used or not, stop working.</summary>
    /// <exception cref="ConflictException">two_factor_not_enabled</exception>
    Task<IReadOnlyList<string>> RenewRecoveryCodesAsync(long userId, CancellationToken cancellationToken);

    Task<TwoFactorState> GetStateAsync(long userId, CancellationToken cancellationToken);

    /// <returns>Proves for five minutes that the user's password was right.</returns>
    Task<string> IssueTokenAsync(long userId, CancellationToken cancellationToken);

    /// <summary>A wrong code counts as a failed sign-in of the account. Each code works once.</summary>
    /// <param name="code">Of the authenticator app, or a recovery code.</param>
    /// <returns>Null when the token or the code is wrong, or the account is locked.</returns>
    Task<UserAccount?> CheckAsync(string token, string code, CancellationToken cancellationToken);
}

/// <param name="RecoveryCodes">How many are left.</param>
public sealed record TwoFactorState(bool HasAuthenticator, int RecoveryCodes);

/// <param name="SharedKey">To be typed into an authenticator app.</param>
/// <param name="OtpauthUri">The same as a QR code shows it.</param>
public sealed record AuthenticatorKey(string SharedKey, string OtpauthUri);
