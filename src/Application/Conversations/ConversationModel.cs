using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;

namespace MetaMessaging.Application.Conversations;

/// <param name="Connection">Only where one conversation is read.</param>
public sealed record ConversationModel(
    long Id,
    Channel Channel,
    ConversationStatus Status,
    ConversationContact Contact,
    long ConnectionId,
    AssigneeModel? Assignee,
    int UnreadCount,
    MessageModel? LastMessage,
    DateTimeOffset LastMessageAt,
    DateTimeOffset? SnoozedUntil,
    MessagingWindow Window,
    ConversationConnection? Connection = null)
{
    internal static ConversationModel Of(Conversation conversation, MessageModel? lastMessage, DateTimeOffset now) => new(
        conversation.Id,
        conversation.Channel,
        conversation.Status,
        ConversationContact.Of(conversation),
        conversation.ConnectionId,
        conversation.AssigneeId is { } id ? new AssigneeModel(id, conversation.AssigneeName ?? "") : null,
        conversation.UnreadCount,
        lastMessage,
        conversation.LastMessageAt,
        conversation.SnoozedUntil,
        conversation.WindowAt(now));
}

/// <param name="CanSend">False while an admin has to reconnect the Page, or connect it at all.</param>
public sealed record ConversationConnection(string PageName, string? InstagramUsername, bool CanSend)
{
    internal static ConversationConnection Of(Conversation conversation) => new(
        conversation.Connection.PageName,
        conversation.Connection.IgUsername,
        conversation.Connection.CanSend && conversation.Connection.Channels.Contains(conversation.Channel));
}

public sealed record AssigneeModel(long Id, string Name);

public sealed record ConversationContact(long Id, string Name, string? AvatarUrl)
{
    internal static ConversationContact Of(Conversation conversation) => new(
        conversation.Contact.Id, conversation.Contact.Name, AvatarAddress(conversation.Contact.Id, conversation.Contact.AvatarKey));

    internal static string? AvatarAddress(long contactId, string? avatarKey) => avatarKey is null ? null : $"/api/contacts/{contactId}/avatar";
}
