using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using OtpNet;

namespace MetaMessaging.Infrastructure.UserAccounts;

/// <summary>
/// Identity stores the key and the recovery codes. Codes of an authenticator app are checked here: Identity would accept one again and
/// again for two and a half minutes.
/// </summary>
internal sealed class IdentityTwoFactor(
    UserManager<AppUser> users, SignInFailures failures, SignInQueues queues, IDataProtectionProvider protection, TimeProvider clock)
    : ITwoFactor
{
    public const int RecoveryCodes = 10;

    private const string Issuer = "MetaMessaging";

    private static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(5);

    private readonly IDataProtector protector = protection.CreateProtector("MetaMessaging.TwoFactor");

    public async Task<AuthenticatorKey> CreateKeyAsync(long userId, CancellationToken cancellationToken)
    {
        var user = await users.GetAsync(userId);
        if (await users.HasAuthenticatorAsync(user)) throw AlreadyEnabled();

        await users.ResetAuthenticatorKeyAsync(user);
        var key = (await users.GetAuthenticatorKeyAsync(user))!;
        return new AuthenticatorKey(key, new OtpUri(OtpType.Totp, key, user.Email, Issuer).ToString());
    }

    public async Task<IReadOnlyList<string>?> EnableAsync(long userId, string code, CancellationToken cancellationToken)
    {
        var user = await users.GetAsync(userId);
        if (await users.HasAuthenticatorAsync(user)) throw AlreadyEnabled();
        if (!await UseAsync(user, Clean(code))) return null;

        user.TwoFactorEnabled = true;
        return [.. (await users.GenerateNewTwoFactorRecoveryCodesAsync(user, RecoveryCodes))!];
    }

    public async Task<bool> DisableAsync(long userId, CancellationToken cancellationToken)
    {
        var user = await users.GetAsync(userId);
        if (!await users.HasAuthenticatorAsync(user)) return false;
        await users.RemoveAuthenticatorAsync(user);
        if ((await users.GetPasskeysAsync(user)).Count == 0) await users.EndTwoFactorAsync(user);
        return true;
    }

    public async Task<IReadOnlyList<string>> RenewRecoveryCodesAsync(long userId, CancellationToken cancellationToken)
    {
        var user = await users.GetAsync(userId);
        if (!user.TwoFactorEnabled)
            throw new ConflictException("two_factor_not_enabled", "You have no second factor yet. Its recovery codes come with it.");
        return [.. (await users.GenerateNewTwoFactorRecoveryCodesAsync(user, RecoveryCodes))!];
    }

    public async Task<TwoFactorState> GetStateAsync(long userId, CancellationToken cancellationToken)
    {
        var user = await users.GetAsync(userId);
        return new TwoFactorState(await users.HasAuthenticatorAsync(user), await users.CountRecoveryCodesAsync(user));
    }

    public async Task<string> IssueTokenAsync(long userId, CancellationToken cancellationToken)
    {
        var user = await users.GetAsync(userId);
        return protector.Protect(JsonSerializer.Serialize(new Proof(userId, user.SecurityStamp!, clock.GetUtcNow() + TokenLifetime)));
    }

    public async Task<UserAccount?> CheckAsync(string token, string code, CancellationToken cancellationToken)
    {
        if (Read(token) is not { } proof || proof.ExpiresAt <= clock.GetUtcNow()) return null;
        using var turn = await queues.EnterAsync($"{proof.UserId}", cancellationToken);
        var user = await users.FindByIdAsync(proof.UserId.ToString(CultureInfo.InvariantCulture));
        if (user is null || user.SecurityStamp != proof.SecurityStamp || await users.IsLockedOutAsync(user)) return null;

        var clean = Clean(code);
        var isRight = clean.Length == 6 ? await UseAsync(user, clean) : await UseRecoveryCodeAsync(user, clean);
        if (!isRight)
        {
            await failures.RecordAsync(user, cancellationToken);
            return null;
        }

        if (user.AccessFailedCount > 0) await users.ResetAccessFailedCountAsync(user);
        return IdentityUserAccounts.Map(user);
    }

    /// <summary>A code is accepted from its own period of 30 seconds, the one before and the one after, for clocks that differ.</summary>
    /// <returns>False when it is wrong, or a code of its period or a later one was used; also at the same time.</returns>
    private async Task<bool> UseAsync(AppUser user, string code)
    {
        if (await users.GetAuthenticatorKeyAsync(user) is not { } key) return false;
        var window = new VerificationWindow(previous: 1, future: 1);
        if (!new Totp(Base32Encoding.ToBytes(key)).VerifyTotp(clock.GetUtcNow().UtcDateTime, code, out var step, window)) return false;
        return !(await users.LastStepAsync(user) >= step) && await users.TrySetLastStepAsync(user, step);
    }

    private async Task<bool> UseRecoveryCodeAsync(AppUser user, string code) =>
        code.Length == 10 && (await users.RedeemTwoFactorRecoveryCodeAsync(user, $"{code[..5]}-{code[5..]}")).Succeeded;

    private static ConflictException AlreadyEnabled() =>
        new("two_factor_enabled", "You have an authenticator app already. Remove it first.");

    /// <summary>As people type it: apps show a space, recovery codes have a hyphen.</summary>
    private static string Clean(string code) => string.Concat(code.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();

    private Proof? Read(string token)
    {
        try
        {
            return JsonSerializer.Deserialize<Proof>(protector.Unprotect(token));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private sealed record Proof(long UserId, string SecurityStamp, DateTimeOffset ExpiresAt);
}
