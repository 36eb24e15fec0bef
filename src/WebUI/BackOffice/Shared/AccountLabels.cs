using MetaMessaging.Application.Contacts;
using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.BackOffice;

internal static class AccountLabels
{
    public static string? Handle(string? username) => username is null ? null : $"@{username}";

    /// <returns>The first username that Meta has told, with an @; null for a person who only uses Messenger.</returns>
    public static string? InstagramHandle(ContactModel contact) =>
        contact.Instagram.Select(identity => Handle(identity.Username)).FirstOrDefault(handle => handle is not null);

    /// <summary>The account that customers see as the sender: the Instagram account on Instagram, the Page on Messenger.</summary>
    public static string? Sender(ConversationModel conversation) =>
        conversation is { Channel: Channel.InstagramDm, Connection.InstagramUsername: { } username }
            ? Handle(username)
            : conversation.Connection?.PageName;
}
