using MediatR;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;

namespace MetaMessaging.Application.Inbound;

/// <summary>The customer did something that is no message: followed a link, opted in, rated, ordered (platform reference, Webhooks → Reactions, postbacks, referrals, opt-ins; Webhooks → Other events).</summary>
public sealed record RecordTimelineEntry(PageConnection Connection, InboundEvent Event) : IInboundEvent;

internal sealed class RecordTimelineEntryHandler(InboundBatch batch, TimeProvider clock) : IRequestHandler<RecordTimelineEntry, EventOutcome>
{
    public Task<EventOutcome> Handle(RecordTimelineEntry request, CancellationToken cancellationToken) => Task.FromResult(Record(request));

    private EventOutcome Record(RecordTimelineEntry request)
    {
        var (connection, inbound) = request;
        if (inbound.CustomerId is null) return EventOutcome.Ignored("The event names no customer.");

        var conversation = batch.ConversationOrNew(connection, inbound, clock.GetUtcNow());
        batch.AddEntry(conversation, inbound, KindOf(inbound), TimelineLabels.For(inbound));

        // Coming back by a link or an ad, or sending a cart, is as good as writing (platform reference, Send API → Windows and tags).
        if (inbound.Kind is InboundEventKind.Referral or InboundEventKind.Order) conversation.RecordCustomerAction(inbound.At);
        return EventOutcome.Processed;
    }

    private static TimelineEntryKind KindOf(InboundEvent inbound) => inbound.Kind switch
    {
        InboundEventKind.OptIn => TimelineEntryKind.OptIn,
        InboundEventKind.AccountLinking => TimelineEntryKind.AccountLinking,
        InboundEventKind.Feedback => TimelineEntryKind.Feedback,
        InboundEventKind.Order => TimelineEntryKind.Order,
        InboundEventKind.Coupon => TimelineEntryKind.Coupon,
        InboundEventKind.Game => TimelineEntryKind.Game,
        _ => TimelineEntryKind.Referral,
    };
}
