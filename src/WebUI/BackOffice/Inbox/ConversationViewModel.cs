using MetaMessaging.Application.Contacts;
using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.BackOffice;

/// <param name="Open">The conversation beside the list; null while none is chosen.</param>
/// <param name="UnreadMentions">How many conversations have an unread note that mentions the caller.</param>
/// <param name="Hits">The messages that a search has found; null without one.</param>
public sealed record InboxViewModel(
    InboxFilter Filter, Page<ConversationModel> Conversations, ConversationViewModel? Open, int UnreadMentions, SearchPage? Hits)
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

public sealed record SearchHitRows(InboxFilter Filter, SearchPage Hits);

/// <param name="Items">Messages, and the entries between them as <see cref="TimelineItemModel"/>; oldest first.</param>
/// <param name="Target">The message that was asked for.</param>
public sealed record ThreadPage(
    long ConversationId, IReadOnlyList<object> Items, string? Older = null, string? Newer = null, long? Target = null)
{
    public static ThreadPage Of(GetTimelinePart request, TimelinePart part) => new(
        request.ConversationId, [.. part.Items.Reverse().Select(item => item.Message ?? (object)item)], part.Older, part.Newer,
        request.Around);
}

/// <param name="Assignees">The caller first.</param>
public sealed record ConversationHeader(
    InboxFilter Filter, ConversationModel Conversation, long CallerId, IReadOnlyList<AssigneeModel> Assignees);

public sealed record ConversationContactPanel(ContactModel Contact, long ConversationId);
