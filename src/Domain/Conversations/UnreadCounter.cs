namespace MetaMessaging.Domain.Conversations;

/// <summary>
/// How many messages of a conversation no agent has seen. A base class of <see cref="Conversation"/>, so that EF Core maps it flat
/// (docs/adr/0020).
/// </summary>
public abstract class UnreadCounter : Entity
{
    /// <summary>How many messages and reactions were received; written by the inbound worker only.</summary>
    public int InboundCount { get; private set; }

    /// <summary>How many of them an agent has seen; written by agents' requests only.</summary>
    public int SeenCount { get; private set; }

    /// <summary>
    /// How many messages were unsent, or reactions removed, before an agent saw them, while <see cref="SeenCount"/> was
    /// <see cref="WithdrawnAfter"/>; written by the inbound worker, and by <see cref="MarkUnread"/>. It counts no more as soon as an agent
    /// sees the conversation.
    /// </summary>
    public int WithdrawnCount { get; private set; }

    public int WithdrawnAfter { get; private set; }

    public int UnreadCount => Math.Max(0, InboundCount - SeenCount - (WithdrawnAfter == SeenCount ? WithdrawnCount : 0));

    public void MarkSeen()
    {
        if (SeenCount == InboundCount) return;
        SeenCount = InboundCount;
        RaiseUpdated();
    }

    /// <summary>Makes a message that was seen unread again, with everything that was received after it.</summary>
    /// <param name="inboundNumber">The message's <see cref="Message.InboundNumber"/>.</param>
    /// <param name="withdrawnSince">How many messages with a greater number were unsent, and reactions removed.</param>
    public void MarkUnread(int inboundNumber, int withdrawnSince)
    {
        if (UnreadCount > 0) return;
        SeenCount = inboundNumber - 1;
        if (withdrawnSince > 0 || WithdrawnAfter == SeenCount) (WithdrawnCount, WithdrawnAfter) = (withdrawnSince, SeenCount);
        RaiseUpdated();
    }

    public abstract void RaiseUpdated();

    /// <summary>A message was unsent, or a reaction removed. One that no agent has seen is no longer unread.</summary>
    /// <param name="inboundNumber">Of the message or the reaction.</param>
    internal void RecordWithdrawal(int inboundNumber)
    {
        if (inboundNumber <= SeenCount) return;
        (WithdrawnCount, WithdrawnAfter) = (WithdrawnAfter == SeenCount ? WithdrawnCount + 1 : 1, SeenCount);
        RaiseUpdated();
    }

    /// <summary>The customer reacts again after having removed the reaction.</summary>
    /// <inheritdoc cref="RecordWithdrawal"/>
    internal void RevokeWithdrawal(int inboundNumber)
    {
        if (inboundNumber <= SeenCount || WithdrawnAfter != SeenCount || WithdrawnCount == 0) return;
        WithdrawnCount--;
        RaiseUpdated();
    }

    /// <returns>The number of the message or reaction.</returns>
    protected int CountInbound() => ++InboundCount;
}
