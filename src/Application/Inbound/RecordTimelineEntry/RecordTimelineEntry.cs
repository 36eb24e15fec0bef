using System.Text.Json.Nodes;

namespace MetaMessaging.Application.Inbound;

/// <summary>The customer did something other than writing: followed a link, opted in, gave a rating, sent an order.</summary>
public sealed record RecordTimelineEntry(PageConnection Connection, InboundEvent Event) : IInboundEvent;

internal sealed class RecordTimelineEntryHandler(ConversationLookup conversations, TimelineRecorder timeline, TimeProvider clock)
    : RequestHandler<RecordTimelineEntry, EventOutcome>
{
    protected override EventOutcome Handle(RecordTimelineEntry request)
    {
        var (connection, inbound) = request;
        if (inbound.CustomerId is null) return EventOutcome.Ignored("The event names no customer.");

        var conversation = conversations.FindOrCreate(connection, inbound, clock.GetUtcNow());
        var details = DetailsOf(inbound);
        timeline.Add(conversation, inbound, KindOf(inbound), TimelineLabels.For(inbound), details);
        if (inbound.Kind is InboundEventKind.Referral) conversation.RecordReferral(details, inbound.At);
        if (inbound.Kind is InboundEventKind.OptIn) conversation.RecordOptIn(details, inbound.At);

        // Following a link or an ad, and sending an order, open the messaging window (platform reference, Send API → Windows and tags).
        if (inbound.Kind is InboundEventKind.Referral or InboundEventKind.Order) conversation.RecordCustomerAction(inbound.At);
        return EventOutcome.Processed;
    }

    /// <summary>The answers to a lead ad's form stand beside the referral, and are kept in it.</summary>
    private static string DetailsOf(InboundEvent inbound)
    {
        if (inbound.Kind is not InboundEventKind.Referral || inbound.Body.Raw("lead") is not { } lead)
            return inbound.Content.GetRawText();

        var referral = JsonNode.Parse(inbound.Content.GetRawText())!.AsObject();
        referral["lead"] = JsonNode.Parse(lead);
        return referral.ToJsonString();
    }

    private static TimelineItemType KindOf(InboundEvent inbound) => inbound.Kind switch
    {
        InboundEventKind.OptIn => TimelineItemType.OptIn,
        InboundEventKind.AccountLinking => TimelineItemType.AccountLinking,
        InboundEventKind.Feedback => TimelineItemType.Feedback,
        InboundEventKind.Order => TimelineItemType.Order,
        InboundEventKind.Coupon => TimelineItemType.Coupon,
        InboundEventKind.Game => TimelineItemType.Game,
        _ => TimelineItemType.Referral,
    };
}
