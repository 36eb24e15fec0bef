using MetaMessaging.Application.Contacts;
using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.BackOffice;

/// <param name="Open">The conversation beside the list; null while none is chosen.</param>
public sealed record InboxViewModel(InboxFilter Filter, Page<ConversationModel> Conversations, ConversationViewModel? Open);

public sealed record ConversationRows(InboxFilter Filter, Page<ConversationModel> Conversations, long? OpenId);

public sealed record ConversationRow(InboxFilter Filter, ConversationModel Conversation, bool IsOpen);

public sealed record ConversationViewModel(ConversationHeader Header, ContactModel Contact, ThreadPage Messages, ReplyForm Reply)
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
