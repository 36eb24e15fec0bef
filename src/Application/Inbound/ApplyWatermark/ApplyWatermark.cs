using MediatR;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;

namespace MetaMessaging.Application.Inbound;

/// <summary>
/// The customer's phone received or showed what we sent (platform reference 2.8). Messenger tells up to which time;
/// Instagram names the last message read.
/// </summary>
public sealed record ApplyWatermark(PageConnection Connection, InboundEvent Event) : IInboundEvent;

internal sealed class ApplyWatermarkHandler(InboundBatch batch) : IRequestHandler<ApplyWatermark, EventOutcome>
{
    public Task<EventOutcome> Handle(ApplyWatermark request, CancellationToken cancellationToken) => Task.FromResult(Apply(request));

    private EventOutcome Apply(ApplyWatermark request)
    {
        var (connection, inbound) = request;
        if (batch.Conversation(connection, inbound) is not { } conversation) return EventOutcome.Ignored("There is no conversation with this customer yet.");

        // Proof for these messages in particular, whatever the clocks say.
        foreach (var mid in inbound.DeliveredMids())
        {
            if (batch.Message(connection, mid) is { } delivered) delivered.MarkDelivered(inbound.At);
        }

        if (inbound.Content.Time("watermark") is { } watermark)
        {
            var isNews = inbound.Kind is InboundEventKind.Read
                ? conversation.AdvanceReadUpTo(watermark)
                : conversation.AdvanceDeliveredUpTo(watermark);
            if (isNews) batch.ApplyReceiptsOf(conversation);
            return EventOutcome.Processed;
        }

        if (inbound.Mid is { } readMid) return ReadUpToMessage(connection, conversation, readMid, inbound.At);

        return inbound.Kind is InboundEventKind.Delivery && inbound.DeliveredMids().Any()
            ? EventOutcome.Processed
            : EventOutcome.Failed("The receipt names neither a time nor a message.");
    }

    private EventOutcome ReadUpToMessage(PageConnection connection, Conversation conversation, string mid, DateTimeOffset at)
    {
        if (batch.Message(connection, mid) is not { } message) return EventOutcome.Ignored("The message that was read is not known.");

        message.MarkRead(at);
        if (message.SentAt is { } sentAt && conversation.AdvanceReadUpTo(sentAt)) batch.ApplyReceiptsOf(conversation);
        return EventOutcome.Processed;
    }
}
