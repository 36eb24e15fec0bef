using Microsoft.AspNetCore.Identity;

namespace MetaMessaging.Infrastructure.UserAccounts;

internal sealed class IdentityUserProfiles(UserManager<AppUser> users) : IUserProfiles
{
    public async Task<UserProfile> GetAsync(long userId, CancellationToken cancellationToken)
    {
        var user = await users.GetAsync(userId);
        return new UserProfile(user.Name, user.TimeZone, user.Language);
    }

    public async Task SetAsync(long userId, UserProfile profile, CancellationToken cancellationToken)
    {
        var user = await users.GetAsync(userId);
        (user.Name, user.TimeZone, user.Language) = (profile.Name, profile.TimeZone, profile.Language);
        user.RenewVersion();
    }
}
