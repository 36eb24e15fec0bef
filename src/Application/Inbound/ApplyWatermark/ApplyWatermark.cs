namespace MetaMessaging.Application.Inbound;

/// <summary>A receipt: Messenger says up to which time messages were received or read, Instagram names the last one read.</summary>
public sealed record ApplyWatermark(PageConnection Connection, InboundEvent Event) : IInboundEvent;

internal sealed class ApplyWatermarkHandler(
    ConversationLookup conversations, MessageLookup messages, ParkedEvents parked, ReceiptRecorder receipts)
    : RequestHandler<ApplyWatermark, EventOutcome>
{
    protected override EventOutcome Handle(ApplyWatermark request)
    {
        var (connection, inbound) = request;
        var watermark = inbound.Content.Time("watermark");
        var mids = inbound.Kind is InboundEventKind.Delivery ? inbound.DeliveredMids().ToList() : [];
        MarkNamedMessages(connection, inbound, mids, watermark);

        if (inbound.Kind is InboundEventKind.Read && inbound.Mid is { } readMid) return ReadUpToMessage(connection, inbound, readMid);
        if (watermark is { } upTo) return AdvanceUpTo(connection, inbound, upTo);

        return mids.Count > 0 ? EventOutcome.Processed : EventOutcome.Failed("The receipt names neither a time nor a message.");
    }

    /// <summary>Where our clock and Meta's disagree, the watermark alone does not cover every message that the receipt names.</summary>
    private void MarkNamedMessages(PageConnection connection, InboundEvent inbound, List<string> mids, DateTimeOffset? watermark)
    {
        var coversUpTo = conversations.Find(connection, inbound) is null ? null : watermark + Receipt.MaxClockSkew;
        foreach (var mid in mids)
        {
            if (messages.Find(connection, mid) is not { } message)
            {
                parked.Park(connection, inbound, mid, BodyForOne(mid, watermark));
                continue;
            }

            using var activity = Tracing.ContinueLinked("receipt", message.TraceParent);
            if (!(message.SentAt <= coversUpTo)) message.MarkDelivered(watermark ?? inbound.At);
        }
    }

    private EventOutcome AdvanceUpTo(PageConnection connection, InboundEvent inbound, DateTimeOffset watermark)
    {
        if (conversations.Find(connection, inbound) is not { } conversation)
            return parked.ParkUntilConversationBegins(connection, inbound with { At = watermark });

        var kind = inbound.Kind is InboundEventKind.Read ? ReceiptKind.Read : ReceiptKind.Delivered;
        receipts.Record(new Receipt(conversation, kind, watermark, watermark));
        return EventOutcome.Processed;
    }

    /// <summary>Covers exactly the named message and earlier ones, without an allowance for our clock.</summary>
    private EventOutcome ReadUpToMessage(PageConnection connection, InboundEvent inbound, string mid)
    {
        if (messages.Find(connection, mid) is not { } message) return parked.Park(connection, inbound, mid);

        using var activity = Tracing.ContinueLinked("receipt", message.TraceParent);
        if (message.SentAt is { } sentAt)
            receipts.Record(new Receipt(message.Conversation, ReceiptKind.Read, sentAt - Receipt.MaxClockSkew, inbound.At));
        return EventOutcome.Processed;
    }

    private static string BodyForOne(string mid, DateTimeOffset? watermark) => JsonSerializer.Serialize(new
    {
        delivery = new { mids = new[] { mid }, watermark = watermark?.ToUnixTimeMilliseconds() },
    });
}
