using System.Text.Json;
using MediatR;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;

namespace MetaMessaging.Application.Inbound;

/// <summary>
/// The customer's phone received or showed what we sent (platform reference, Webhooks → Delivery and read). Messenger tells up to which time;
/// Instagram names the last message read.
/// </summary>
public sealed record ApplyWatermark(PageConnection Connection, InboundEvent Event) : IInboundEvent;

internal sealed class ApplyWatermarkHandler(InboundBatch batch) : IRequestHandler<ApplyWatermark, EventOutcome>
{
    public Task<EventOutcome> Handle(ApplyWatermark request, CancellationToken cancellationToken) => Task.FromResult(Apply(request));

    private EventOutcome Apply(ApplyWatermark request)
    {
        var (connection, inbound) = request;
        var watermark = inbound.Content.Time("watermark");
        var mids = inbound.Kind is InboundEventKind.Delivery ? inbound.DeliveredMids().ToList() : [];

        // Proof for these messages in particular: where the clocks disagree, the watermark alone would not cover them.
        var covered = batch.Conversation(connection, inbound) is null ? null : watermark + Watermark.Allowance;
        foreach (var mid in mids)
        {
            if (batch.Message(connection, mid) is not { } delivered) batch.Park(connection, inbound, mid, OnlyOf(mid, watermark));
            else if (!(delivered.SentAt <= covered)) delivered.MarkDelivered(watermark ?? inbound.At);
        }

        if (inbound.Kind is InboundEventKind.Read && inbound.Mid is { } readMid) return ReadUpToMessage(connection, inbound, readMid);
        if (watermark is { } upTo) return AdvanceUpTo(connection, inbound, upTo);

        return mids.Count > 0 ? EventOutcome.Processed : EventOutcome.Failed("The receipt names neither a time nor a message.");
    }

    private EventOutcome AdvanceUpTo(PageConnection connection, InboundEvent inbound, DateTimeOffset watermark)
    {
        if (batch.Conversation(connection, inbound) is not { } conversation) return batch.ParkUntilBegun(connection, inbound with { At = watermark });

        batch.Add(new Receipt(conversation, inbound.Kind is InboundEventKind.Read ? ReceiptKind.Read : ReceiptKind.Delivered, watermark, watermark));
        return EventOutcome.Processed;
    }

    private EventOutcome ReadUpToMessage(PageConnection connection, InboundEvent inbound, string mid)
    {
        if (batch.Message(connection, mid) is not { } message) return batch.Park(connection, inbound, mid);

        // Up to the message itself: where it is named, two clocks need not be reconciled.
        if (message.SentAt is { } sentAt) batch.Add(new Receipt(message.Conversation, ReceiptKind.Read, sentAt - Watermark.Allowance, inbound.At));
        return EventOutcome.Processed;
    }

    private static string OnlyOf(string mid, DateTimeOffset? watermark) => JsonSerializer.Serialize(new
    {
        delivery = new { mids = new[] { mid }, watermark = watermark?.ToUnixTimeMilliseconds() },
    });
}
