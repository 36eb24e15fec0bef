using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Conversations;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Inbound;

/// <summary>
/// What was taken back leaves no trace: neither its files, nor its words in the stored deliveries, nor what the database has only
/// marked as free (platform reference, Webhooks → Echo, edit, unsend). The tombstone stays.
/// </summary>
public sealed record EraseUnsentContent(long MessageId) : IJob;

internal sealed class EraseUnsentContentHandler(IAppDbContext db, IMediaStore media, TimeProvider clock) : AsyncRequestHandler<EraseUnsentContent>
{
    private const int ChunkSize = 50;

    /// <summary>Nodes' clocks differ, and a message is stored after its delivery.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromMinutes(10);

    protected override async Task Handle(EraseUnsentContent request, CancellationToken cancellationToken)
    {
        var message = await db.Messages.Include(m => m.Attachments).SingleOrDefaultAsync(m => m.Id == request.MessageId, cancellationToken);
        if (message?.EraseDueAt is not { } dueAt || dueAt > clock.GetUtcNow()) return;

        foreach (var key in message.Attachments.SelectMany(a => new[] { a.StorageKey, a.ThumbnailKey }).OfType<string>()) media.Delete(key);
        db.MessageAttachments.RemoveRange(message.Attachments);
        if (message.ExternalId is { } mid)
        {
            await RedactDeliveriesAsync(message, mid, cancellationToken);
            await db.ParkedEvents.Where(p => p.ConnectionId == message.ConnectionId && p.Mid == mid).ExecuteDeleteAsync(cancellationToken);
        }

        message.FinishErasure();
        await db.SaveChangesAsync(cancellationToken);
        await db.ScrubAsync(cancellationToken);
    }

    private async Task RedactDeliveriesAsync(Message message, string mid, CancellationToken cancellationToken)
    {
        var after = await LastBeforeAsync(message, cancellationToken);
        while (after is { } last)
        {
            var some = await db.WebhookDeliveries
                .Where(d => d.Id > last && (d.OrganizationId == null || d.OrganizationId == message.OrganizationId))
                .OrderBy(d => d.Id).Take(ChunkSize)
                .Select(d => new { d.Id, d.Payload }).ToListAsync(cancellationToken);
            foreach (var delivery in some)
            {
                if (Redaction.Of(delivery.Payload, mid) is not { } redacted) continue;
                await db.WebhookDeliveries.Where(d => d.Id == delivery.Id)
                    .ExecuteUpdateAsync(set => set.SetProperty(d => d.Payload, redacted), cancellationToken);
            }

            after = some.LastOrDefault()?.Id;
        }
    }

    /// <summary>Its own delivery may have waited long before it was worked on, so that one counts where it is known.</summary>
    private async Task<long?> LastBeforeAsync(Message message, CancellationToken cancellationToken)
    {
        var since = await db.WebhookDeliveries.Where(d => d.Id == message.WebhookDeliveryId)
            .Select(d => (DateTimeOffset?)d.ReceivedAt).SingleOrDefaultAsync(cancellationToken);
        var from = (since < message.CreatedAt ? since.Value : message.CreatedAt) - Before;
        var first = await db.WebhookDeliveries.Where(d => d.ReceivedAt >= from)
            .OrderBy(d => d.ReceivedAt).Select(d => (long?)d.Id).FirstOrDefaultAsync(cancellationToken);
        return first - 1;
    }
}

/// <summary>Sets the alarm when a message is taken back.</summary>
internal sealed class EraseWhenTakenBack(IJobs jobs) : INotificationHandler<Happened<MessageUpdated>>
{
    public Task Handle(Happened<MessageUpdated> notification, CancellationToken cancellationToken)
    {
        if (notification.Event.Message is { EraseDueAt: not null } message) jobs.Enqueue(new EraseUnsentContent(message.Id));
        return Task.CompletedTask;
    }
}
