namespace MetaMessaging.Application.Inbound;

/// <summary>The author changed a message's text (platform reference, Webhooks → Echo, edit, unsend).</summary>
public sealed record ApplyEdit(PageConnection Connection, InboundEvent Event) : IInboundEvent;

internal sealed class ApplyEditHandler(MessageLookup messages, ParkedEvents parked, ConversationPreviews previews, TimeProvider clock)
    : RequestHandler<ApplyEdit, EventOutcome>
{
    protected override EventOutcome Handle(ApplyEdit request)
    {
        var (connection, inbound) = request;
        if (inbound.Mid is not { } mid) return EventOutcome.Failed("The edit names no message.");

        // An edit with number 0 waits too: it may be all that Instagram ever sends about a new message, which is then fetched.
        if (messages.Find(connection, mid) is not { } message) return parked.Park(connection, inbound, mid);

        if (inbound.Content.Number("num_edit") is not (> 0 and { } number))
            return EventOutcome.Ignored("Edit number 0 accompanies every new message and changes nothing.");
        if (inbound.Content.Text("text") is not { } text) return EventOutcome.Ignored("The edit brings no text.");

        message.ScheduleErasureAgain(clock.GetUtcNow());
        if (message.Edit(text, number, inbound.At) && message.Conversation.IsTimeOfLastMessage(message.OccurredAt))
        {
            message.Conversation.RaiseUpdated();
            previews.RefreshAfterSave(message.Conversation);
        }

        return EventOutcome.Processed;
    }
}
