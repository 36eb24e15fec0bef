namespace MetaMessaging.Application.Inbound;

/// <summary>The author unsent a message: its content is removed, and the message stays as deleted.</summary>
public sealed record ApplyUnsend(PageConnection Connection, InboundEvent Event) : IInboundEvent;

internal sealed class ApplyUnsendHandler(MessageLookup messages, ParkedEvents parked, ConversationPreviews previews, TimeProvider clock)
    : RequestHandler<ApplyUnsend, EventOutcome>
{
    protected override EventOutcome Handle(ApplyUnsend request)
    {
        var (connection, inbound) = request;
        if (inbound.Mid is not { } mid) return EventOutcome.Failed("The unsend names no message.");
        if (messages.Find(connection, mid) is not { } message) return parked.Park(connection, inbound, mid);

        if (message.Unsend(inbound.At, clock.GetUtcNow()) && message.Conversation.IsTimeOfLastMessage(message.OccurredAt))
        {
            message.Conversation.RaiseUpdated();
            previews.RefreshAfterSave(message.Conversation);
        }

        return EventOutcome.Processed;
    }
}
