namespace MetaMessaging.Application.Inbound;

/// <summary>Applies what waited for a message of ours whose mid came with the answer to the send, and not with an event.</summary>
[NotAudited("The message itself shows its receipts and reactions.")]
public sealed record ApplyParkedEvents(long MessageId) : IJob;

internal sealed class ApplyParkedEventsHandler(IAppDbContext db, InboundProcessor processor) : AsyncRequestHandler<ApplyParkedEvents>
{
    protected override async Task Handle(ApplyParkedEvents request, CancellationToken cancellationToken)
    {
        var message = await db.Messages.AsNoTracking().SingleOrDefaultAsync(m => m.Id == request.MessageId, cancellationToken);
        if (message?.ExternalId is not { } mid) return;

        var connection = await db.Connections.SingleAsync(c => c.Id == message.ConnectionId, cancellationToken);
        if (!connection.Channels.Contains(message.Channel)) return;   // they stay until it is connected again, or are purged

        var parked = await db.ParkedEvents
            .Where(p => p.ConnectionId == connection.Id && p.Mid == mid)
            .OrderBy(p => p.Id).ToListAsync(cancellationToken);
        var events = parked.ConvertAll(p => WebhookPayload.ReadParked(connection, p));
        await processor.ApplyAsync(events, cancellationToken);

        db.ParkedEvents.RemoveRange(parked);
        await processor.SaveAsync(cancellationToken);
    }
}

internal sealed class RecoverParkedEvents(IAppDbContext db, IJobs jobs) : IRecovery
{
    public async Task RecoverAsync(DateTimeOffset now, DateTimeOffset horizon, CancellationToken cancellationToken)
    {
        var messageIds = await db.ParkedEvents
            .Where(p => p.ApplyDueAt <= horizon
                && db.Connections.Any(c => c.Id == p.ConnectionId && c.State != ConnectionState.Disconnected))
            .OrderBy(p => p.ApplyDueAt)
            .Select(p => db.Messages
                .Where(m => m.ConnectionId == p.ConnectionId && m.ExternalId == p.Mid).Select(m => m.Id).FirstOrDefault())
            .Take(IRecovery.MaxPerRun).ToListAsync(cancellationToken);
        foreach (var messageId in messageIds.Distinct()) jobs.Enqueue(new ApplyParkedEvents(messageId));
    }
}
