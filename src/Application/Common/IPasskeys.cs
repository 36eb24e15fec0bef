namespace MetaMessaging.Application.Common;

/// <summary>
/// Passkeys, checked and kept by ASP.NET Core Identity. One signs in by itself: the device asks for a finger, a face or a PIN. It also is a
/// second factor in place of a code.
/// </summary>
public interface IPasskeys
{
    Task<PasskeyChallenge> StartAddingAsync(long userId, CancellationToken cancellationToken);

    /// <returns>
    /// Recovery codes, which cannot be shown again, when this is the account's first second factor, else none. Null when the answer is
    /// refused.
    /// </returns>
    Task<IReadOnlyList<string>?> AddAsync(long userId, string name, PasskeyAnswer answer, CancellationToken cancellationToken);

    Task<IReadOnlyList<PasskeyModel>> ListAsync(long userId, CancellationToken cancellationToken);

    /// <returns>The name of the removed passkey; null when there was none with this id.</returns>
    Task<string?> RemoveAsync(long userId, string id, CancellationToken cancellationToken);

    Task<PasskeyChallenge> StartSignInAsync(CancellationToken cancellationToken);

    Task<UserAccount?> CheckAsync(PasskeyAnswer answer, CancellationToken cancellationToken);
}

/// <param name="Options">JSON for the browser (WebAuthn).</param>
/// <param name="State">Comes back with the answer, within five minutes.</param>
public sealed record PasskeyChallenge(string Options, string State);

/// <param name="Credential">JSON from the browser.</param>
public sealed record PasskeyAnswer(string Credential, string State);

public sealed record PasskeyModel(string Id, string Name, DateTimeOffset CreatedAt);
