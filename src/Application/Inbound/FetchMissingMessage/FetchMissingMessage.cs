namespace MetaMessaging.Application.Inbound;

/// <summary>Asks Meta for a message that only other events name, or whose author is in doubt (Instagram does both), and stores the
/// answer like a delivery.</summary>
public sealed record FetchMissingMessage(long ParkedEventId) : IJob;

internal sealed class FetchMissingMessageHandler(
    IAppDbContext db, AuditLog audit, IMetaMessages metaMessages, IWebhookInbox inbox, IJobs jobs, TimeProvider clock)
    : AsyncRequestHandler<FetchMissingMessage>
{
    /// <summary>Longer than a request to Meta takes, so that only one of a message's parked events asks for it.</summary>
    private static readonly TimeSpan ClaimLifetime = TimeSpan.FromMinutes(1);

    protected override async Task Handle(FetchMissingMessage request, CancellationToken cancellationToken)
    {
        if (await ClaimAsync(request.ParkedEventId, cancellationToken) is not { Count: > 0 } parked) return;

        var connection = await db.Connections.SingleAsync(c => c.Id == parked[0].ConnectionId, cancellationToken);
        var retryAt = await IsUnnecessaryAsync(parked, cancellationToken) ? null : await FetchAsync(connection, parked, cancellationToken);
        foreach (var waiting in parked.Where(_ => retryAt is null)) waiting.StopFetching();
        await db.SaveChangesAsync(CancellationToken.None);
        if (retryAt is { } at) jobs.Schedule(request, at);
    }

    private async Task<List<ParkedEvent>> ClaimAsync(long parkedEventId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var due = await db.ParkedEvents.AsNoTracking()
            .SingleOrDefaultAsync(p => p.Id == parkedEventId && p.FetchDueAt <= now, cancellationToken);
        if (due is null) return [];

        var ofThatMessage = db.ParkedEvents.Where(p => p.ConnectionId == due.ConnectionId && p.Mid == due.Mid);
        var claimed = await ofThatMessage.Where(p => p.Id == due.Id && p.FetchDueAt == due.FetchDueAt)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.FetchDueAt, now + ClaimLifetime), cancellationToken);
        if (claimed == 0) return [];

        await ofThatMessage.Where(p => p.FetchDueAt != null)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.FetchDueAt, now + ClaimLifetime), cancellationToken);
        return await ofThatMessage.OrderBy(p => p.At).ToListAsync(cancellationToken);
    }

    /// <summary>The message has arrived, or it was unsent and Meta does not have it any more.</summary>
    private async Task<bool> IsUnnecessaryAsync(List<ParkedEvent> parked, CancellationToken cancellationToken)
    {
        var (connectionId, mid) = (parked[0].ConnectionId, parked[0].Mid);
        return parked.Exists(p => BodyOf(p).Member("message").IsTrue("is_deleted"))
            || await db.Messages.AnyAsync(m => m.ConnectionId == connectionId && m.ExternalId == mid, cancellationToken);
    }

    private async Task<DateTimeOffset?> FetchAsync(PageConnection connection, List<ParkedEvent> parked, CancellationToken cancellationToken)
    {
        try
        {
            connection.EnsureCanCallMeta(parked[0].Channel);
            var found = await metaMessages.GetMessageAsync(
                connection.PageId, connection.PageAccessToken!, parked[0].Mid, cancellationToken);
            await inbox.StoreAsync(FetchedDelivery.Create(connection, parked[0], found, clock.GetUtcNow()), cancellationToken);
            return null;
        }
        catch (GraphException exception)
            when (exception.Refusal.Class is RefusalClass.Transient or RefusalClass.Rate or RefusalClass.OutcomeUnknown)
        {
            var mayRetry = parked.ConvertAll(p => p.RetryFetch(exception.Refusal.RetryAfter, clock.GetUtcNow()));
            if (mayRetry.Contains(true)) return parked.Max(p => p.FetchDueAt);
        }
        catch (GraphException exception)
        {
            if (exception.Refusal.Class is RefusalClass.Token)
                audit.RecordState(connection, () => connection.RequireReauthorization(exception.Refusal.Title, clock.GetUtcNow()));
        }
        catch (ConflictException)
        {
            // The channel is not connected, so nothing can be asked.
        }

        if (parked.Find(p => p.Kind == nameof(InboundEventKind.Echo)) is { } echo)
            await inbox.StoreAsync(FetchedDelivery.Repeat(connection, echo, clock.GetUtcNow()), cancellationToken);
        else await KeepEditedTextAsync(connection, parked, cancellationToken);
        return null;
    }

    /// <summary>Meta does not return the message, so it is recorded with the text of its last edit.</summary>
    private async Task KeepEditedTextAsync(PageConnection connection, List<ParkedEvent> parked, CancellationToken cancellationToken)
    {
        if (parked.FindLast(p => p.CustomerId is not null && IsEdit(BodyOf(p))) is not { } edit) return;

        var text = BodyOf(edit).Member("message_edit").Text("text");
        var found = new FoundMessage(edit.CustomerId, null, text, edit.At, []);
        await inbox.StoreAsync(FetchedDelivery.Create(connection, edit, found, clock.GetUtcNow()), cancellationToken);
    }

    /// <summary>A message_edit with num_edit 0 is no edit (platform reference, Webhooks → Echo, edit, unsend).</summary>
    private static bool IsEdit(JsonElement body) =>
        body.Member("message_edit") is var edit && edit.Text("text") is not null && edit.Number("num_edit") >= 1;

    private static JsonElement BodyOf(ParkedEvent parked) => JsonElement.Parse(parked.Body);
}

internal sealed class FetchWhenParked(IJobs jobs) : NotificationHandler<Happened<EventParked>>
{
    protected override void Handle(Happened<EventParked> notification)
    {
        if (notification.Event.Event is { FetchDueAt: { } dueAt } parked) jobs.Schedule(new FetchMissingMessage(parked.Id), dueAt);
    }
}

internal sealed class RecoverMissingMessages(IAppDbContext db, IJobs jobs) : IRecovery
{
    public Task RecoverAsync(DateTimeOffset now, DateTimeOffset horizon, CancellationToken cancellationToken) => jobs.RecoverAsync(
        db.ParkedEvents.Select(p => new DueRow { Id = p.Id, DueAt = p.FetchDueAt }), horizon,
        id => new FetchMissingMessage(id), cancellationToken);
}
