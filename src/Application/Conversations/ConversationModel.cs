namespace MetaMessaging.Application.Conversations;

/// <param name="ThreadOwnerAppId">The other app that answers this customer; "unknown" where Meta names none, null without one.</param>
/// <param name="Referral">The last link, ad or product that the customer came from.</param>
/// <param name="OptIn">The customer's last opt-in, or the end of one.</param>
/// <param name="Connection">Set where one conversation is read; null in lists.</param>
public sealed record ConversationModel(
    long Id, Channel Channel, ConversationStatus Status, ConversationContact Contact, long ConnectionId, AssigneeModel? Assignee,
    int UnreadCount, MessageModel? LastMessage, DateTimeOffset LastMessageAt, DateTimeOffset? SnoozedUntil, MessagingWindow Window,
    string? ThreadOwnerAppId, ReferralModel? Referral, OptInModel? OptIn, ConversationConnection? Connection = null)
{
    internal static ConversationModel Of(Conversation conversation, MessageModel? lastMessage, DateTimeOffset now) => new(
        conversation.Id,
        conversation.Channel,
        conversation.StatusAt(now),
        ConversationContact.Of(conversation),
        conversation.ConnectionId,
        conversation.AssigneeId is { } id ? new AssigneeModel(id, conversation.AssigneeName ?? "") : null,
        conversation.UnreadCount,
        lastMessage,
        conversation.LastMessageAt,
        conversation.StatusAt(now) is ConversationStatus.Snoozed ? conversation.SnoozedUntil : null,
        conversation.WindowAt(now),
        conversation.ThreadOwnerAppId,
        ReferralModel.Parse(conversation.Referral),
        OptInModel.Parse(conversation.OptIn));
}

/// <param name="CanSend">False while Meta blocks or restricts the Page, or an admin has to reconnect it, or connect it at all.</param>
/// <param name="PolicyProblem">Why Meta blocks or restricts the Page; null when it does not.</param>
/// <param name="SendsPausedUntil">Meta limits the Page: messages are accepted and wait; null when it does not.</param>
/// <param name="RestrictedUntil">Until then messages are refused unasked, because Meta restricted the Page; null when it has not.</param>
public sealed record ConversationConnection(
    string PageName, string? InstagramUsername, bool CanSend, string? PolicyProblem, DateTimeOffset? SendsPausedUntil,
    DateTimeOffset? RestrictedUntil)
{
    internal static ConversationConnection Of(Conversation conversation, DateTimeOffset now) => new(
        conversation.Connection.PageName,
        conversation.Connection.IgUsername,
        conversation.Connection.CanSend(conversation.Channel, now),
        conversation.Connection.PolicyProblem,
        conversation.Connection.SendsPausedUntil > now ? conversation.Connection.SendsPausedUntil : null,
        conversation.Connection.RestrictedUntil(conversation.Channel, now));
}

public sealed record AssigneeModel(long Id, string Name);

public sealed record ConversationContact(long Id, string Name, string? AvatarUrl)
{
    internal static ConversationContact Of(Conversation conversation) => new(
        conversation.Contact.Id, conversation.Contact.Name, AvatarAddress(conversation.Contact.Id, conversation.Contact.AvatarKey));

    internal static string? AvatarAddress(long contactId, string? avatarKey) =>
        avatarKey is null ? null : $"/api/contacts/{contactId}/avatar";
}
