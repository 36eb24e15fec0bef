namespace MetaMessaging.Application.Inbound;

/// <summary>The business sent a message: through this app, another app or Meta's own inbox.</summary>
public sealed record RecordEcho(PageConnection Connection, InboundEvent Event) : IInboundEvent;

internal sealed class RecordEchoHandler(
    ConversationLookup conversations,
    MessageLookup messages,
    ConversationPreviews previews,
    ReplyLinks replies,
    ReceiptRecorder receipts,
    ParkedEvents parked,
    TimeProvider clock)
    : RequestHandler<RecordEcho, EventOutcome>
{
    protected override EventOutcome Handle(RecordEcho request)
    {
        var (connection, inbound) = request;
        if (inbound.Mid is not { } mid) return EventOutcome.Ignored("The echo has no mid, so it may be that of a known message.");

        if (messages.Find(connection, mid) is { } known)
        {
            using var activity = Tracing.ContinueLinked("echo", known.TraceParent);
            known.CorrectSentAt(inbound.At);
            known.ScheduleErasureAgain(clock.GetUtcNow());
            receipts.UpdateMessagesOf(known.Conversation);
            return EventOutcome.Processed;
        }

        if (inbound.CustomerId is null) return EventOutcome.Ignored("The event names no customer.");
        if (IsDoubtful(connection, inbound)) return parked.Park(connection, inbound, mid);

        var conversation = conversations.FindOrCreate(connection, inbound, clock.GetUtcNow());
        var content = inbound.ReadContent();
        if (messages.FindByEcho(conversation, inbound.Content.Text("metadata"), content) is { } ours)
        {
            using var activity = Tracing.ContinueLinked("echo", ours.TraceParent);
            ours.ConfirmByEcho(mid, inbound.At);
            messages.Register(ours);
        }
        else
        {
            var message = Message.FromEcho(conversation, mid, content, SenderName(inbound), inbound.At, clock.GetUtcNow());
            message.LinkWebhookEvent(inbound.DeliveryId, inbound.Index);
            if (conversation.IsTimeOfLastMessage(inbound.At)) previews.RefreshAfterSave(conversation);
            conversation.RecordMessage(message);
            messages.Add(message);
            replies.Link(connection, inbound, message);
        }

        receipts.UpdateMessagesOf(conversation);
        return EventOutcome.Processed;
    }

    /// <summary>
    /// Instagram marks some first replies to a story of the account as echoes although the customer wrote them (platform reference,
    /// Webhooks → Echo, edit, unsend). The job <see cref="FetchMissingMessage"/> asks Meta who did.
    /// </summary>
    private bool IsDoubtful(PageConnection connection, InboundEvent inbound) =>
        inbound.Channel is Channel.InstagramDm
        && inbound.Content.Member("reply_to").Has("story")
        && !inbound.Content.Has("app_id")
        && !inbound.Body.IsTrue(FetchedDelivery.Mark)
        && conversations.Find(connection, inbound) is null;

    /// <returns>Null where Meta does not name the app, as on Instagram.</returns>
    private static string? SenderName(InboundEvent inbound) => inbound.Content.Text("app_id") switch
    {
        null => null,
        { } id when MetaInboxAppIds.Contains(id) => "Meta inbox",
        { Length: > 64 } id => $"App {id[..64]}",
        { } id => $"App {id}",
    };
}
