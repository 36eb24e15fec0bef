using MediatR;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Inbound;

namespace MetaMessaging.Application.Inbound;

/// <summary>The author changed a message's text (platform reference, Webhooks → Echo, edit, unsend).</summary>
public sealed record ApplyEdit(PageConnection Connection, InboundEvent Event) : IInboundEvent;

internal sealed class ApplyEditHandler(InboundBatch batch, TimeProvider clock) : IRequestHandler<ApplyEdit, EventOutcome>
{
    public Task<EventOutcome> Handle(ApplyEdit request, CancellationToken cancellationToken) => Task.FromResult(Apply(request));

    private EventOutcome Apply(ApplyEdit request)
    {
        var (connection, inbound) = request;
        if (inbound.Mid is not { } mid) return EventOutcome.Failed("The edit names no message.");

        // Number 0 waits too: it may be all that Instagram ever tells of a new message, which upkeep then fetches.
        if (batch.Message(connection, mid) is not { } message) return batch.Park(connection, inbound, mid);

        if (inbound.Content.Number("num_edit") is not (> 0 and { } number))
            return EventOutcome.Ignored("Edit number 0 accompanies every new message and changes nothing.");
        if (inbound.Content.Text("text") is not { } text) return EventOutcome.Ignored("The edit brings no text.");

        message.ScheduleErasureAgain(clock.GetUtcNow());
        if (message.Edit(text, number, inbound.At) && message.Conversation.IsTimeOfLastMessage(message.OccurredAt))
        {
            message.Conversation.RaiseUpdated();
            batch.RefreshEndOf(message.Conversation);
        }

        return EventOutcome.Processed;
    }
}
