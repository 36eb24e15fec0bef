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

/// <param name="Id">Unique among the contact's ids of both channels.</param>
public sealed record FacebookIdentityModel(long Id, string PageId, string Psid);

/// <param name="Id">Unique among the contact's ids of both channels.</param>
/// <param name="IsVerified">Null until Meta's profile has been fetched, like the values after it.</param>
/// <param name="FollowsBusiness">The person follows the account.</param>
/// <param name="FollowedByBusiness">The account follows the person.</param>
public sealed record InstagramIdentityModel(
    long Id, string IgAccountId, string Igsid, string? Username, bool? IsVerified, int? FollowerCount, bool? FollowsBusiness,
    bool? FollowedByBusiness);

internal sealed class IdentityModelMapping : IRegister
{
    public void Register(TypeAdapterConfig config)
    {
        config.NewConfig<FacebookIdentity, FacebookIdentityModel>().Map(model => model.Id, identity => identity.Number);
        config.NewConfig<InstagramIdentity, InstagramIdentityModel>().Map(model => model.Id, identity => identity.Number);
    }
}

public sealed record ContactConversation(long Id, Channel Channel, DateTimeOffset LastMessageAt);
