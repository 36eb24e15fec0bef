using System.Buffers.Text;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Identity;

namespace MetaMessaging.Infrastructure.UserAccounts;

internal sealed class IdentityPasswords(UserManager<AppUser> users, SignInFailures failures, SignInQueues queues) : IPasswords
{
    public async Task<bool> CheckAsync(long userId, string password, CancellationToken cancellationToken)
    {
        using var turn = await queues.EnterAsync($"{userId}", cancellationToken);
        var user = await users.GetAsync(userId);
        if (await users.IsLockedOutAsync(user)) return false;
        if (await users.CheckPasswordAsync(user, password)) return true;
        await failures.RecordAsync(user, cancellationToken);
        return false;
    }

    public async Task SetAsync(long userId, string password, string property, CancellationToken cancellationToken)
    {
        var user = await users.GetAsync(userId);
        var errors = new List<IdentityError>();
        foreach (var validator in users.PasswordValidators) errors.AddRange((await validator.ValidateAsync(users, user, password)).Errors);
        if (errors.Count > 0) throw new ValidationException(errors.Select(e => new ValidationFailure(property, e.Description)));

        user.PasswordHash = users.PasswordHasher.HashPassword(user, password);
        (user.AccessFailedCount, user.LockoutEnd) = (0, null);
        user.RenewSecurityStamp();
        user.RenewVersion();
    }

    /// <returns>The user's id, and Identity's token in the alphabet of addresses.</returns>
    public async Task<string> CreateResetTokenAsync(long userId, CancellationToken cancellationToken)
    {
        var user = await users.GetAsync(userId);
        var token = Convert.FromBase64String(await users.GeneratePasswordResetTokenAsync(user));
        return string.Create(CultureInfo.InvariantCulture, $"{userId}.{Base64Url.EncodeToString(token)}");
    }

    public async Task<UserAccount?> FindByResetTokenAsync(string token, CancellationToken cancellationToken)
    {
        if (token.Split('.') is not [var id, var proof] || !Base64Url.IsValid(proof)) return null;
        if (!long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _)) return null;
        if (await users.FindByIdAsync(id) is not { } user) return null;

        var identityToken = Convert.ToBase64String(Base64Url.DecodeFromChars(proof));
        var isValid = await users.VerifyUserTokenAsync(
            user, users.Options.Tokens.PasswordResetTokenProvider, UserManager<AppUser>.ResetPasswordTokenPurpose, identityToken);
        return isValid ? IdentityUserAccounts.Map(user) : null;
    }
}
