using static MetaMessaging.Infrastructure.Graph.GraphAnswers;

namespace MetaMessaging.Infrastructure.Graph;

internal sealed class GraphProfiles(IGraphApi api, GraphUsage usage) : IMetaProfiles
{
    private const string MessengerFields = "first_name,last_name,name,profile_pic";
    private const string InstagramFields = "name,username,profile_pic";
    private const string FurtherInstagramFields = "is_verified_user,follower_count,is_user_follow_business,is_business_follow_user";

    private const int NoProfileAvailable = 2018218;

    public async Task<MetaProfile> GetProfileAsync(Recipient recipient, CancellationToken cancellationToken)
    {
        usage.EnsureNotNearLimit(recipient.AccountId);

        var isOnInstagram = recipient.Channel is Channel.InstagramDm;
        var profile = await GetNameAsync(recipient, isOnInstagram ? InstagramFields : MessengerFields, cancellationToken);
        var further = isOnInstagram && profile.Username is not null
            ? await NullIfRefusedAsync(
                api.GetProfileAsync(recipient.ScopedUserId, FurtherInstagramFields, recipient.PageAccessToken, cancellationToken))
            : null;

        return new MetaProfile(
            NullIfBlank(profile.Name) ?? NullIfBlank($"{profile.FirstName} {profile.LastName}".Trim()), NullIfBlank(profile.Username),
            Uri.TryCreate(profile.ProfilePic, UriKind.Absolute, out var picture) ? picture : null, further?.IsVerifiedUser,
            further?.FollowerCount, further?.IsUserFollowBusiness, further?.IsBusinessFollowUser);
    }

    /// <summary>One forbidden field refuses the whole profile (platform reference, Profile API); then only the name is read.</summary>
    private async Task<ProfileNode> GetNameAsync(Recipient recipient, string fields, CancellationToken cancellationToken)
    {
        try
        {
            return await api.GetProfileAsync(recipient.ScopedUserId, fields, recipient.PageAccessToken, cancellationToken);
        }
        catch (GraphException exception) when (
            exception.Refusal is { Code: GraphErrors.InvalidParameter, Subcode: not (Refusal.NoSuchObject or NoProfileAvailable) })
        {
            return await api.GetProfileAsync(recipient.ScopedUserId, "name", recipient.PageAccessToken, cancellationToken);
        }
    }

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
