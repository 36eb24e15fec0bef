using MetaMessaging.Application.Conversations;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Contacts;

namespace MetaMessaging.Application.Contacts;

public sealed record ContactModel(
    long Id,
    string Name,
    string? AvatarUrl,
    ProfileState ProfileState,
    IReadOnlyList<FacebookIdentityModel> Facebook,
    IReadOnlyList<InstagramIdentityModel> Instagram,
    IReadOnlyList<ContactConversation> Conversations)
{
    internal static ContactModel Of(Contact contact, IEnumerable<ContactConversation> conversations) => new(
        contact.Id,
        contact.Name,
        ConversationContact.AvatarAddress(contact.Id, contact.AvatarKey),
        contact.ProfileState,
        [.. contact.Facebook.Select(f => new FacebookIdentityModel(f.PageId, f.Psid))],
        [.. contact.Instagram.Select(i => new InstagramIdentityModel(i.IgAccountId, i.Igsid, i.Username))],
        [.. conversations]);
}

public sealed record FacebookIdentityModel(string PageId, string Psid);

public sealed record InstagramIdentityModel(string IgAccountId, string Igsid, string? Username);

public sealed record ContactConversation(long Id, Channel Channel, DateTimeOffset LastMessageAt);
