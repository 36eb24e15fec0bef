namespace MetaMessaging.Application.Inbound;

/// <summary>Erases an unsent message's files, its text in stored deliveries, and what the database has only marked as free.</summary>
[NotAudited("The customer has unsent the message, and the message says so.")]
public sealed record EraseUnsentContent(long MessageId) : IJob;

internal sealed class EraseUnsentContentHandler(
    IAppDbContext db, IMediaStore media, IEnumerable<IMediaReferences> references, TimeProvider clock)
    : AsyncRequestHandler<EraseUnsentContent>
{
    private const int ChunkSize = 50;

    /// <summary>How far to look back before the message, because the clocks of two nodes differ.</summary>
    private static readonly TimeSpan MaxClockSkew = TimeSpan.FromMinutes(10);

    protected override async Task Handle(EraseUnsentContent request, CancellationToken cancellationToken)
    {
        var message = await db.Messages.SingleOrDefaultAsync(m => m.Id == request.MessageId, cancellationToken);
        if (message?.EraseDueAt is not { } dueAt || dueAt > clock.GetUtcNow()) return;

        await media.DeleteAsync(await FindFilesAsync(message.Id, cancellationToken), cancellationToken);
        if (message.ExternalId is { } mid)
        {
            await RedactDeliveriesAsync(message, mid, cancellationToken);
            await db.ParkedEvents.Where(p => p.ConnectionId == message.ConnectionId && p.Mid == mid).ExecuteDeleteAsync(cancellationToken);
        }

        var newFiles = new List<string>();
        var attachments = db.MessageAttachments.Where(a => a.MessageId == message.Id);
        message.FinishErasure();
        await db.SaveChangesAsync(async token =>
        {
            await attachments.LockAsync(token);   // a download that saves its file later finds no row
            newFiles.AddRange(await FindFilesAsync(message.Id, token));
            await attachments.ExecuteDeleteAsync(token);
        }, cancellationToken);
        await media.DeleteAsync(newFiles, cancellationToken);
        await db.PurgeWriteAheadLogAsync(cancellationToken);
    }

    private async Task<List<string>> FindFilesAsync(long messageId, CancellationToken cancellationToken)
    {
        var keys = new List<string>();
        foreach (var column in references.SelectMany(r => r.Columns))
        {
            keys.AddRange(await column.Where(r => r.MessageId == messageId && r.Key != null)
                .Select(r => r.Key!)
                .ToListAsync(cancellationToken));
        }

        return keys;
    }

    private async Task RedactDeliveriesAsync(Message message, string mid, CancellationToken cancellationToken)
    {
        var after = await LastDeliveryBeforeAsync(message, cancellationToken);
        while (after is { } lastId)
        {
            var chunk = await db.WebhookDeliveries
                .Where(d => d.Id > lastId && (d.OrganizationId == null || d.OrganizationId == message.OrganizationId))
                .OrderBy(d => d.Id).Take(ChunkSize)
                .Select(d => new { d.Id, d.Payload }).ToListAsync(cancellationToken);
            foreach (var delivery in chunk)
            {
                if (MessageRedaction.Redact(delivery.Payload, mid) is not { } redacted) continue;
                await db.WebhookDeliveries.Where(d => d.Id == delivery.Id)
                    .ExecuteUpdateAsync(set => set.SetProperty(d => d.Payload, redacted), cancellationToken);
            }

            after = chunk.LastOrDefault()?.Id;
        }
    }

    /// <summary>The message's own delivery, where it is known, may have been received long before it was processed.</summary>
    private async Task<long?> LastDeliveryBeforeAsync(Message message, CancellationToken cancellationToken)
    {
        var since = await db.WebhookDeliveries.Where(d => d.Id == message.WebhookDeliveryId)
            .Select(d => (DateTimeOffset?)d.ReceivedAt).SingleOrDefaultAsync(cancellationToken);
        var from = (since < message.CreatedAt ? since.Value : message.CreatedAt) - MaxClockSkew;
        // Deliveries are received in the order of their ids, but for those that nodes store at the same time.
        var first = await db.WebhookDeliveries.Where(d => d.ReceivedAt >= from)
            .OrderBy(d => d.ReceivedAt).Take(ChunkSize).MinAsync(d => (long?)d.Id, cancellationToken);
        return first - 1;
    }
}

internal sealed class EraseWhenUnsent(IJobs jobs) : NotificationHandler<Happened<MessageUpdated>>
{
    protected override void Handle(Happened<MessageUpdated> notification)
    {
        if (notification.Event.Message is { EraseDueAt: not null } message) jobs.Enqueue(new EraseUnsentContent(message.Id));
    }
}

internal sealed class RecoverErasures(IAppDbContext db, IJobs jobs) : IRecovery
{
    public Task RecoverAsync(DateTimeOffset now, DateTimeOffset horizon, CancellationToken cancellationToken) => jobs.RecoverAsync(
        db.Messages.Select(m => new DueRow { Id = m.Id, DueAt = m.EraseDueAt }), horizon,
        id => new EraseUnsentContent(id), cancellationToken);
}
