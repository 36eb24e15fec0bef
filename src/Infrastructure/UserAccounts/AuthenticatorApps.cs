using Microsoft.AspNetCore.Identity;

namespace MetaMessaging.Infrastructure.UserAccounts;

/// <summary>The rows of user_tokens for an authenticator app, by Identity's own names where it has one.</summary>
internal static class AuthenticatorApps
{
    private const string Provider = "[AspNetUserStore]";
    private const string KeyName = "AuthenticatorKey";
    private const string RecoveryCodesName = "RecoveryCodes";

    /// <summary>The period of 30 seconds whose code was used last. Its row exists once the app was confirmed.</summary>
    private const string LastStepName = "LastStep";

    public static async Task<bool> HasAuthenticatorAsync(this UserManager<AppUser> users, AppUser user) =>
        await users.LastStepAsync(user) is not null;

    public static async Task<long?> LastStepAsync(this UserManager<AppUser> users, AppUser user) =>
        await users.GetAuthenticationTokenAsync(user, Provider, LastStepName) is { } step
            ? long.Parse(step, CultureInfo.InvariantCulture)
            : null;

    /// <returns>False when another request changed the account at the same time.</returns>
    public static async Task<bool> TrySetLastStepAsync(this UserManager<AppUser> users, AppUser user, long step) =>
        (await users.SetAuthenticationTokenAsync(user, Provider, LastStepName, step.ToString(CultureInfo.InvariantCulture))).Succeeded;

    public static async Task RemoveAuthenticatorAsync(this UserManager<AppUser> users, AppUser user)
    {
        await users.RemoveAuthenticationTokenAsync(user, Provider, KeyName);
        await users.RemoveAuthenticationTokenAsync(user, Provider, LastStepName);
    }

    /// <summary>After the last second factor was removed.</summary>
    public static async Task EndTwoFactorAsync(this UserManager<AppUser> users, AppUser user)
    {
        user.TwoFactorEnabled = false;
        await users.RemoveAuthenticationTokenAsync(user, Provider, RecoveryCodesName);
        await users.UpdateSecurityStampAsync(user);
    }
}
