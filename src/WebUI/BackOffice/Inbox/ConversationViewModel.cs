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

/// <summary>A page of messages with the timeline entries of the same time span.</summary>
public sealed record ThreadPage(long ConversationId, Page<MessageModel> Messages, IReadOnlyList<TimelineEntryModel> Timeline)
{
    /// <param name="sent">In the order in which the messages were sent.</param>
    public static ThreadPage Of(long conversationId, IReadOnlyList<MessageModel> sent) =>
        new(conversationId, new Page<MessageModel>([.. sent.Reverse()], null), []);

    /// <summary>Messages and timeline entries, oldest first; at the same time the message comes first.</summary>
    public IEnumerable<object> Items => Messages.Items
        .Reverse()
        .Select(message => (message.OccurredAt, Item: (object)message))
        .Concat(Timeline.Select(entry => (entry.OccurredAt, Item: (object)entry)))
        .OrderBy(item => item.OccurredAt)
        .Select(item => item.Item);
}

public sealed record ConversationHeader(InboxFilter Filter, ConversationModel Conversation, long CallerId);

public sealed record ConversationContactPanel(ContactModel Contact, long ConversationId);
