using MetaMessaging.Application.Conversations;

namespace MetaMessaging.Application.Contacts;

public sealed record ContactModel(
    long Id, string Name, string? AvatarUrl, ProfileState ProfileState, DateTimeOffset? ProfileCheckedAt,
    IReadOnlyList<FacebookIdentityModel> Facebook, IReadOnlyList<InstagramIdentityModel> Instagram,
    IReadOnlyList<ContactConversation> Conversations)
{
    internal static ContactModel Of(Contact contact, IEnumerable<ContactConversation> conversations) => new(
        contact.Id, contact.Name, ConversationContact.AvatarAddress(contact.Id, contact.AvatarKey), contact.ProfileState,
        contact.ProfileCheckedAt, contact.Facebook.Adapt<List<FacebookIdentityModel>>(),
        contact.Instagram.Adapt<List<InstagramIdentityModel>>(), [.. conversations]);
}

public sealed record FacebookIdentityModel(string PageId, string Psid);

/// <param name="IsVerified">Null until Meta's profile has been fetched, like the values after it.</param>
/// <param name="FollowsBusiness">The person follows the account.</param>
/// <param name="FollowedByBusiness">The account follows the person.</param>
public sealed record InstagramIdentityModel(
    string IgAccountId, string Igsid, string? Username, bool? IsVerified, int? FollowerCount, bool? FollowsBusiness,
    bool? FollowedByBusiness);

public sealed record ContactConversation(long Id, Channel Channel, DateTimeOffset LastMessageAt);
