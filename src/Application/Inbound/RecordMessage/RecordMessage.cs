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
        if (!inbound.Content.Names().Any()) return EventOutcome.Failed("The message is empty.");

        var now = clock.GetUtcNow();
        var content = inbound.ReadContent();
        if (messages.Find(connection, inbound, content) is { } known)
        {
            known.ScheduleErasureAgain(now);
            Complete(known, inbound, content);
            return EventOutcome.Processed;
        }

        var conversation = conversations.FindOrCreate(connection, inbound, now);
        var message = Message.Receive(conversation, inbound.Mid, content, inbound.At, now);
        message.LinkWebhookEvent(inbound.DeliveryId, inbound.Index);
        if (conversation.IsTimeOfLastMessage(inbound.At)) previews.RefreshAfterSave(conversation);
        conversation.RecordMessage(message);
        messages.Add(message);
        replies.Link(connection, inbound, message);
        return EventOutcome.Processed;
    }

    private void Complete(Message known, InboundEvent inbound, MessageContent content)
    {
        if (known.Direction is not MessageDirection.Inbound || !known.Complete(inbound.Mid, content)) return;

        messages.Register(known);
        if (known.Referral is { } referral) known.Conversation?.RecordReferral(referral, known.OccurredAt);
        if (known.Conversation?.IsTimeOfLastMessage(known.OccurredAt) is true) previews.RefreshAfterSave(known.Conversation);
    }
}
