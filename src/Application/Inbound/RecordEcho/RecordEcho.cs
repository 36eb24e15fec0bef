using MediatR;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;

namespace MetaMessaging.Application.Inbound;

/// <summary>The business wrote: through us, through another app, or in Meta's own inbox (platform reference, Webhooks → Echo, edit, unsend).</summary>
public sealed record RecordEcho(PageConnection Connection, InboundEvent Event) : IInboundEvent;

internal sealed class RecordEchoHandler(InboundBatch batch, TimeProvider clock) : IRequestHandler<RecordEcho, EventOutcome>
{
    public Task<EventOutcome> Handle(RecordEcho request, CancellationToken cancellationToken) => Task.FromResult(Record(request));

    private EventOutcome Record(RecordEcho request)
    {
        var (connection, inbound) = request;
        if (inbound.Mid is not { } mid) return EventOutcome.Failed("The echo has no mid.");

        if (batch.Message(connection, mid) is { } known)
        {
            known.CorrectSentAt(inbound.At);
            known.ScheduleErasureAgain(clock.GetUtcNow());
            batch.ApplyReceiptsOf(known.Conversation);
            return EventOutcome.Processed;
        }

        if (inbound.CustomerId is null) return EventOutcome.Ignored("The event names no customer.");

        var conversation = batch.ConversationOrNew(connection, inbound, clock.GetUtcNow());
        var content = inbound.ReadContent();
        if (batch.FindMessageOfEcho(conversation, inbound.Content.Text("metadata"), content) is { } ours)
        {
            ours.ConfirmByEcho(mid, inbound.At);
            batch.Know(ours);
        }
        else
        {
            var message = Message.FromEcho(conversation, mid, content, SenderName(inbound), inbound.At, clock.GetUtcNow());
            message.LinkWebhookEvent(inbound.DeliveryId, inbound.Index);
            if (conversation.IsTimeOfLastMessage(inbound.At)) batch.RefreshEndOf(conversation);
            conversation.RecordMessage(message);
            batch.Add(message);
            batch.LinkReply(connection, inbound, message);
        }

        batch.ApplyReceiptsOf(conversation);
        return EventOutcome.Processed;
    }

    /// <returns>Null where Meta does not name the app, as on Instagram.</returns>
    private static string? SenderName(InboundEvent inbound) => inbound.Content.Text("app_id") switch
    {
        null => null,
        { } id when MetaInboxAppIds.Include(id) => "Meta inbox",
        { Length: > 64 } id => $"App {id[..64]}",
        { } id => $"App {id}",
    };
}
