using MediatR;
using MetaMessaging.Application.Common;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Inbound;

/// <summary>
/// What came before a message takes effect now that the message is known, where no event of Meta's made it known: its id came with
/// the answer to the send.
/// </summary>
public sealed record ApplyParkedEvents(long MessageId) : IJob;

internal sealed class ApplyParkedEventsHandler(IAppDbContext db, InboundBatch batch, IMediator mediator) : AsyncRequestHandler<ApplyParkedEvents>
{
    protected override async Task Handle(ApplyParkedEvents request, CancellationToken cancellationToken)
    {
        var message = await db.Messages.AsNoTracking().SingleOrDefaultAsync(m => m.Id == request.MessageId, cancellationToken);
        if (message?.ExternalId is not { } mid) return;

        var connection = await db.Connections.SingleAsync(c => c.Id == message.ConnectionId, cancellationToken);
        if (!connection.Channels.Contains(message.Channel)) return;   // they are kept until it is connected again, or too old

        var parked = await db.ParkedEvents.Where(p => p.ConnectionId == connection.Id && p.Mid == mid).OrderBy(p => p.Id).ToListAsync(cancellationToken);
        var events = parked.ConvertAll(p => WebhookPayload.Revive(connection, p));
        await batch.LoadAsync(events, cancellationToken);
        foreach (var inbound in events) await mediator.Send(new ProcessInboundEvent(inbound), cancellationToken);

        db.ParkedEvents.RemoveRange(parked);
        await db.SaveChangesAsync(batch.AfterSaveAsync, cancellationToken);
    }
}
