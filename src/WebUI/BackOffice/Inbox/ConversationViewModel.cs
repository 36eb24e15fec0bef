using MetaMessaging.Application.Contacts;
using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.BackOffice;

/// <param name="Open">The conversation beside the list; null while none is chosen.</param>
/// <param name="UnreadMentions">How many conversations have an unread note that mentions the caller.</param>
public sealed record InboxViewModel(
    InboxFilter Filter, Page<ConversationModel> Conversations, ConversationViewModel? Open, int UnreadMentions)
{
    public InboxFilterBar FilterBar => new(Filter, UnreadMentions);
}

public sealed record InboxFilterBar(InboxFilter Filter, int UnreadMentions);

public sealed record ConversationRows(InboxFilter Filter, Page<ConversationModel> Conversations, long? OpenId);

public sealed record ConversationRow(InboxFilter Filter, ConversationModel Conversation, bool IsOpen);

/// <param name="UnreadMentions">1 when an unread note mentions the caller, else 0.</param>
public sealed record ConversationViewModel(
    ConversationHeader Header, ContactModel Contact, ThreadPage Messages, ReplyForm Reply, int UnreadMentions)
{
    public ConversationModel Conversation => Header.Conversation;
}

/// <param name="Items">Messages, and the entries between them as <see cref="TimelineItemModel"/>; oldest first.</param>
public sealed record ThreadPage(long ConversationId, IReadOnlyList<object> Items, string? NextCursor)
{
    public static ThreadPage Of(long conversationId, Page<TimelineItemModel> timeline) =>
        new(conversationId, [.. timeline.Items.Reverse().Select(item => item.Message ?? (object)item)], timeline.NextCursor);
}

/// <param name="Assignees">The caller first.</param>
public sealed record ConversationHeader(
    InboxFilter Filter, ConversationModel Conversation, long CallerId, IReadOnlyList<AssigneeModel> Assignees);

public sealed record ConversationContactPanel(ContactModel Contact, long ConversationId);
