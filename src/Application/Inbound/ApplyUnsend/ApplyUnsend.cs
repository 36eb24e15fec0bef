using MediatR;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Inbound;

namespace MetaMessaging.Application.Inbound;

/// <summary>The author took a message back: what it said goes, a tombstone stays (platform reference, Webhooks → Echo, edit, unsend).</summary>
public sealed record ApplyUnsend(PageConnection Connection, InboundEvent Event) : IInboundEvent;

internal sealed class ApplyUnsendHandler(InboundBatch batch, TimeProvider clock) : IRequestHandler<ApplyUnsend, EventOutcome>
{
    public Task<EventOutcome> Handle(ApplyUnsend request, CancellationToken cancellationToken) => Task.FromResult(Apply(request));

    private EventOutcome Apply(ApplyUnsend request)
    {
        var (connection, inbound) = request;
        if (inbound.Mid is not { } mid) return EventOutcome.Failed("The unsend names no message.");
        if (batch.Message(connection, mid) is not { } message) return batch.Park(connection, inbound, mid);

        if (message.Unsend(inbound.At, clock.GetUtcNow()) && message.Conversation.IsTimeOfLastMessage(message.OccurredAt))
        {
            message.Conversation.RaiseUpdated();
            batch.RefreshEndOf(message.Conversation);
        }

        return EventOutcome.Processed;
    }
}
