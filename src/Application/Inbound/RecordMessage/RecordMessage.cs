namespace MetaMessaging.Application.Inbound;

/// <summary>The customer sent a message or tapped a button.</summary>
public sealed record RecordMessage(PageConnection Connection, InboundEvent Event) : IInboundEvent;

internal sealed class RecordMessageHandler(
    ConversationLookup conversations, MessageLookup messages, ConversationPreviews previews, ReplyLinks replies, TimeProvider clock)
    : RequestHandler<RecordMessage, EventOutcome>
{
    protected override EventOutcome Handle(RecordMessage request)
    {
        var (connection, inbound) = request;
        if (inbound.CustomerId is null) return EventOutcome.Ignored("The event names no customer.");
        if (inbound.MessageKey() is not { } mid) return EventOutcome.Failed("The message has no mid.");

        var now = clock.GetUtcNow();
        if (messages.Find(connection, mid) is { } known)
        {
            known.ScheduleErasureAgain(now);
            return EventOutcome.Processed;
        }

        var conversation = conversations.FindOrCreate(connection, inbound, now);
        var message = Message.Receive(conversation, mid, inbound.ReadContent(), inbound.At, now);
        message.LinkWebhookEvent(inbound.DeliveryId, inbound.Index);
        if (conversation.IsTimeOfLastMessage(inbound.At)) previews.RefreshAfterSave(conversation);
        conversation.RecordMessage(message);
        messages.Add(message);
        replies.Link(connection, inbound, message);
        return EventOutcome.Processed;
    }
}
