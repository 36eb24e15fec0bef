using MetaMessaging.Application.Common;
using MetaMessaging.Application.Contacts;
using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.BackOffice;

/// <param name="Open">Null while no conversation is chosen.</param>
public sealed record InboxViewModel(InboxFilter Filter, Page<ConversationModel> Conversations, ConversationViewModel? Open);

/// <summary>A part of the list.</summary>
public sealed record ConversationRows(InboxFilter Filter, Page<ConversationModel> Conversations, long? OpenId);

public sealed record ConversationRow(InboxFilter Filter, ConversationModel Conversation, bool IsOpen);

/// <summary>The thread with its form and the person beside it.</summary>
public sealed record ConversationViewModel(
    ConversationHeader Header, ContactModel Contact, ThreadPage Messages, ReplyForm Reply)
{
    public ConversationModel Conversation => Header.Conversation;
}

/// <summary>A stretch of the thread: messages, and what happened between them.</summary>
public sealed record ThreadPage(long ConversationId, Page<MessageModel> Messages, IReadOnlyList<TimelineEntryModel> Timeline)
{
    /// <summary>What was just sent, in its order.</summary>
    public static ThreadPage Of(long conversationId, IReadOnlyList<MessageModel> sent) =>
        new(conversationId, new Page<MessageModel>([.. sent.Reverse()], null), []);

    /// <summary>Oldest first; what happened at the time of a message stands behind it.</summary>
    public IEnumerable<object> Items => Messages.Items.Reverse().Select(m => (m.OccurredAt, Item: (object)m))
        .Concat(Timeline.Select(e => (e.OccurredAt, Item: (object)e)))
        .OrderBy(i => i.OccurredAt).Select(i => i.Item);
}

public sealed record ConversationHeader(InboxFilter Filter, ConversationModel Conversation, long CallerId);

public sealed record ConversationContactPanel(ContactModel Contact, long ConversationId);
