using MediatR;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;

namespace MetaMessaging.Application.Inbound;

/// <summary>A customer wrote, or tapped a button.</summary>
public sealed record RecordMessage(PageConnection Connection, InboundEvent Event) : IInboundEvent;

internal sealed class RecordMessageHandler(InboundBatch batch, TimeProvider clock) : IRequestHandler<RecordMessage, EventOutcome>
{
    public Task<EventOutcome> Handle(RecordMessage request, CancellationToken cancellationToken) => Task.FromResult(Record(request));

    private EventOutcome Record(RecordMessage request)
    {
        var (connection, inbound) = request;
        if (inbound.CustomerId is null) return EventOutcome.Ignored("The event names no customer.");
        if (inbound.MessageKey() is not { } mid) return EventOutcome.Failed("The message has no mid.");

        var now = clock.GetUtcNow();
        if (batch.Message(connection, mid) is { } known)
        {
            known.ScheduleErasureAgain(now);
            return EventOutcome.Processed;
        }

        var conversation = batch.ConversationOrNew(connection, inbound, now);
        var message = Message.Receive(conversation, mid, inbound.ReadContent(), inbound.At, now);
        message.LinkWebhookEvent(inbound.DeliveryId, inbound.Index);
        if (conversation.IsTimeOfLastMessage(inbound.At)) batch.RefreshEndOf(conversation);
        conversation.RecordMessage(message);
        batch.Add(message);
        batch.LinkReply(connection, inbound, message);
        return EventOutcome.Processed;
    }
}
