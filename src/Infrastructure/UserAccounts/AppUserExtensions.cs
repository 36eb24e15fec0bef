using Microsoft.AspNetCore.Identity;

namespace MetaMessaging.Infrastructure.UserAccounts;

internal static class AppUserExtensions
{
    /// <summary>The row of a signed-in user, tracked: its changes are stored by the command's own save.</summary>
    /// <exception cref="UnauthenticatedException">The account was deleted meanwhile.</exception>
    public static async Task<AppUser> GetAsync(this UserManager<AppUser> users, long userId) =>
        await users.FindByIdAsync(userId.ToString(CultureInfo.InvariantCulture)) ?? throw new UnauthenticatedException("Sign in again.");

    /// <summary>Identity does it when it saves: of two changes at once, the second is refused.</summary>
    public static void RenewVersion(this AppUser user) => user.ConcurrencyStamp = Guid.NewGuid().ToString();

    /// <summary>Links for a new password, and proofs of a password, that were issued before are refused from now on.</summary>
    public static void RenewSecurityStamp(this AppUser user) => user.SecurityStamp = Guid.NewGuid().ToString("N");
}
