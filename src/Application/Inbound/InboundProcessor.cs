using System.Diagnostics;

namespace MetaMessaging.Application.Inbound;

/// <summary>Loads the rows that a batch of events touches, sends each event to its slice, and saves in one transaction.</summary>
public sealed class InboundProcessor(
    IAppDbContext db, ConversationLookup conversations, MessageLookup messages, ParkedEvents parked, TimelineRecorder timeline,
    ReceiptRecorder receipts, ReplyLinks replies, ConversationPreviews previews,
    IRequestHandler<ProcessInboundEvent, EventOutcome> processEvent, TimeProvider clock) : IScopedService
{
    /// <summary>Applies the events of stored deliveries and writes their outcomes into the deliveries. Nothing is saved yet.</summary>
    public async Task ApplyAsync(IReadOnlyCollection<ParsedDelivery> deliveries, CancellationToken cancellationToken)
    {
        await LoadAsync([.. deliveries.SelectMany(d => d.Events)], cancellationToken);
        foreach (var delivery in deliveries)
        {
            using var activity = delivery.ContinueTrace();
            var outcomes = await SendToSlicesAsync(delivery.Events, cancellationToken);

            // Attach would look for related rows, and a delivery has none.
            db.WebhookDeliveries.Entry(delivery.Delivery).State = EntityState.Unchanged;
            delivery.Finish(outcomes, clock.GetUtcNow());
        }
    }

    /// <summary>Applies events that belong to no delivery, or whose delivery the caller finishes. Nothing is saved yet.</summary>
    public async Task<IReadOnlyList<EventOutcome>> ApplyAsync(IReadOnlyCollection<InboundEvent> events, CancellationToken cancellationToken)
    {
        await LoadAsync(events, cancellationToken);
        return await SendToSlicesAsync(events, cancellationToken);
    }

    /// <param name="beforeCommit">Runs last in the transaction; when it throws, nothing is saved.</param>
    public Task SaveAsync(Func<CancellationToken, Task> beforeCommit, CancellationToken cancellationToken) => db.SaveChangesAsync(
        async token =>
        {
            await UpdateRelatedRowsAsync(token);
            await beforeCommit(token);
        },
        cancellationToken);

    public Task SaveAsync(CancellationToken cancellationToken) => db.SaveChangesAsync(UpdateRelatedRowsAsync, cancellationToken);

    private async Task LoadAsync(IReadOnlyCollection<InboundEvent> events, CancellationToken cancellationToken)
    {
        await conversations.LoadAsync(events, cancellationToken);
        if (conversations.ConnectionIds.Count == 0) return;

        await messages.LoadAsync(events, cancellationToken);
        await parked.LoadAsync(events, cancellationToken);
        await messages.LoadDetailsAsync(events, parked, cancellationToken);
        await timeline.LoadAsync(events, cancellationToken);
        await receipts.LoadAsync(events, cancellationToken);
    }

    /// <summary>Called without the mediator, so that an event passes the pipeline once: on its way to the slice of its kind.</summary>
    private async Task<IReadOnlyList<EventOutcome>> SendToSlicesAsync(
        IReadOnlyCollection<InboundEvent> events, CancellationToken cancellationToken)
    {
        var outcomes = new List<EventOutcome>(events.Count);
        foreach (var inbound in events) outcomes.Add(await processEvent.Handle(new ProcessInboundEvent(inbound), cancellationToken));
        return outcomes;
    }

    /// <summary>Updates that need the ids of new rows, or concern rows that are too many to load.</summary>
    private async Task UpdateRelatedRowsAsync(CancellationToken cancellationToken)
    {
        await receipts.UpdateMessagesAsync(cancellationToken);
        await replies.UpdateMessagesAsync(cancellationToken);
        await previews.UpdateConversationsAsync(cancellationToken);
        await parked.MarkDueAsync(cancellationToken);
    }
}

/// <summary>A stored delivery with the events in it, or the reason why they could not be read.</summary>
public sealed record ParsedDelivery(WebhookDelivery Delivery, WebhookPayload? Payload, string? Error)
{
    public IReadOnlyList<InboundEvent> Events => Payload?.Events ?? [];

    /// <summary>So that what its events cause is in the trace of the request that brought it.</summary>
    public Activity? ContinueTrace() => Tracing.Continue("process webhook_delivery", Delivery.TraceParent, ActivityKind.Consumer);

    public void Finish(IReadOnlyList<EventOutcome> outcomes, DateTimeOffset now)
    {
        if (Payload is null) Delivery.FailToParse(Error!, now);
        else Delivery.Finish(Payload.Object, outcomes, now);
    }
}
