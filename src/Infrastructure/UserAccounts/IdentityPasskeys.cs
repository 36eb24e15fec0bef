using System.Security.Cryptography;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace MetaMessaging.Infrastructure.UserAccounts;

internal sealed class IdentityPasskeys(
    UserManager<AppUser> users, IPasskeyHandler<AppUser> passkeys, IHttpContextAccessor http, IDataProtectionProvider protection,
    TimeProvider clock) : IPasskeys
{
    private const int MaxPasskeys = 20;

    private static readonly TimeSpan StateLifetime = TimeSpan.FromMinutes(5);

    private readonly IDataProtector protector = protection.CreateProtector("MetaMessaging.Passkeys");

    private HttpContext Http => http.HttpContext ?? throw new InvalidOperationException("Passkeys are used within requests.");

    public async Task<PasskeyChallenge> StartAddingAsync(long userId, CancellationToken cancellationToken)
    {
        var user = await users.GetAsync(userId);
        var entity = new PasskeyUserEntity { Id = IdOf(user), Name = user.Email!, DisplayName = user.Name };
        var made = await passkeys.MakeCreationOptionsAsync(entity, Http);
        return new PasskeyChallenge(made.CreationOptionsJson, Write(made.AttestationState));
    }

    public async Task<IReadOnlyList<string>?> AddAsync(
        long userId, string name, PasskeyAnswer answer, CancellationToken cancellationToken)
    {
        var user = await users.GetAsync(userId);
        if ((await users.GetPasskeysAsync(user)).Count >= MaxPasskeys)
            throw new ValidationException([new ValidationFailure("", $"You have {MaxPasskeys} passkeys. Remove one first.")]);
        if (Read(answer.State) is not { } state) return null;

        var result = await passkeys.PerformAttestationAsync(
            new PasskeyAttestationContext { CredentialJson = answer.Credential, HttpContext = Http, AttestationState = state });
        if (!result.Succeeded || result.UserEntity.Id != IdOf(user)) return null;

        result.Passkey.Name = name;
        await users.AddOrUpdatePasskeyAsync(user, result.Passkey);
        if (user.TwoFactorEnabled) return [];
        user.TwoFactorEnabled = true;
        return [.. (await users.GenerateNewTwoFactorRecoveryCodesAsync(user, IdentityTwoFactor.RecoveryCodes))!];
    }

    public async Task<IReadOnlyList<PasskeyModel>> ListAsync(long userId, CancellationToken cancellationToken) =>
    [
        .. (await users.GetPasskeysAsync(await users.GetAsync(userId))).OrderBy(p => p.CreatedAt)
            .Select(p => new PasskeyModel(Convert.ToHexStringLower(p.CredentialId), p.Name ?? "Passkey", p.CreatedAt)),
    ];

    public async Task<string?> RemoveAsync(long userId, string id, CancellationToken cancellationToken)
    {
        var user = await users.GetAsync(userId);
        var passkey = (await users.GetPasskeysAsync(user)).FirstOrDefault(p => Convert.ToHexStringLower(p.CredentialId) == id);
        if (passkey is null) return null;

        await users.RemovePasskeyAsync(user, passkey.CredentialId);
        var isLast = (await users.GetPasskeysAsync(user)).Count == 0 && !await users.HasAuthenticatorAsync(user);
        if (isLast) await users.EndTwoFactorAsync(user);
        return passkey.Name ?? "Passkey";
    }

    public async Task<PasskeyChallenge> StartSignInAsync(CancellationToken cancellationToken)
    {
        var made = await passkeys.MakeRequestOptionsAsync(null, Http);   // for nobody in particular: the passkey says whose it is
        return new PasskeyChallenge(made.RequestOptionsJson, Write(made.AssertionState));
    }

    public async Task<UserAccount?> CheckAsync(PasskeyAnswer answer, CancellationToken cancellationToken)
    {
        if (Read(answer.State) is not { } state) return null;
        var result = await passkeys.PerformAssertionAsync(
            new PasskeyAssertionContext { CredentialJson = answer.Credential, HttpContext = Http, AssertionState = state });
        if (!result.Succeeded) return null;

        await users.AddOrUpdatePasskeyAsync(result.User, result.Passkey);   // with the device's counter, which finds copies
        return IdentityUserAccounts.Map(result.User);
    }

    private static string IdOf(AppUser user) => user.Id.ToString(CultureInfo.InvariantCulture);

    private string Write(string? state) =>
        protector.Protect(JsonSerializer.Serialize(new State(state ?? "", clock.GetUtcNow() + StateLifetime)));

    private string? Read(string state)
    {
        try
        {
            var read = JsonSerializer.Deserialize<State>(protector.Unprotect(state))!;
            return read.ExpiresAt > clock.GetUtcNow() ? read.Challenge : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private sealed record State(string Challenge, DateTimeOffset ExpiresAt);
}
