using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Application.Outbound;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Conversations;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Upkeep;

/// <summary>
/// Sets the alarms again that were lost: to a restart, to a node that died. At start for everything that is due soon, every minute
/// for what is overdue.
/// </summary>
/// <param name="Ahead">How far into the future to look; negative leaves a running node's own alarms the time to ring.</param>
public sealed record RecoverOverdueWork(TimeSpan Ahead) : IJob;

internal sealed class RecoverOverdueWorkHandler(IAppDbContext db, IDispatcher dispatcher, IJobs jobs, IWebhookInbox inbox, TimeProvider clock)
    : AsyncRequestHandler<RecoverOverdueWork>
{
    private const int MaxPerRun = 1000;

    protected override async Task Handle(RecoverOverdueWork request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var horizon = now + request.Ahead;
        inbox.Wake();

        var queued = await db.Messages
            .Where(m => m.Status == MessageStatus.Queued && (m.NextAttemptAt == null || m.NextAttemptAt <= now))
            .Select(m => m.ConversationId).Distinct().OrderBy(id => id).Take(MaxPerRun).ToListAsync(cancellationToken);
        foreach (var conversationId in queued) dispatcher.Wake(conversationId);

        var waiting = await db.Messages
            .Where(m => m.Status == MessageStatus.Queued && m.NextAttemptAt > now && m.NextAttemptAt <= horizon)
            .OrderBy(m => m.NextAttemptAt).Select(m => new { m.ConversationId, DueAt = m.NextAttemptAt!.Value }).Take(MaxPerRun).ToListAsync(cancellationToken);
        foreach (var message in waiting) jobs.Schedule(new DeliverMessages(message.ConversationId), message.DueAt);

        var unproven = await db.Messages
            .Where(m => m.Status == MessageStatus.Sending && m.ClaimedUntil <= horizon)
            .OrderBy(m => m.Id).Select(m => new { m.Id, DueAt = m.ClaimedUntil!.Value }).Take(MaxPerRun).ToListAsync(cancellationToken);
        foreach (var message in unproven) jobs.Schedule(new ReconcileSend(message.Id), message.DueAt);

        var contacts = await db.Contacts
            .Where(c => c.ProfileDueAt <= horizon)
            .OrderBy(c => c.ProfileDueAt).Select(c => new { c.Id, DueAt = c.ProfileDueAt!.Value }).Take(MaxPerRun).ToListAsync(cancellationToken);
        foreach (var contact in contacts) jobs.Schedule(new EnrichContact(contact.Id), contact.DueAt);

        var attachments = await db.MessageAttachments
            .Where(a => a.NextAttemptAt <= horizon)
            .OrderBy(a => a.NextAttemptAt).Select(a => new { a.Id, DueAt = a.NextAttemptAt!.Value }).Take(MaxPerRun).ToListAsync(cancellationToken);
        foreach (var attachment in attachments) jobs.Schedule(new DownloadAttachment(attachment.Id), attachment.DueAt);

        var waitedFor = await db.ParkedEvents
            .Where(p => db.Connections.Any(c => c.Id == p.ConnectionId && c.State != ConnectionState.Disconnected))
            .Join(db.Messages, p => new { p.ConnectionId, p.Mid }, m => new { m.ConnectionId, Mid = m.ExternalId! }, (p, m) => m.Id)
            .Distinct().OrderBy(id => id).Take(MaxPerRun).ToListAsync(cancellationToken);
        foreach (var messageId in waitedFor) jobs.Enqueue(new ApplyParkedEvents(messageId));

        var over = now - IdempotencyKey.Lifetime;
        await db.IdempotencyKeys.Where(k => k.CreatedAt <= over).ExecuteDeleteAsync(cancellationToken);

        var putOff = await db.Conversations
            .Where(c => c.ReceiptsDueAt <= horizon)
            .OrderBy(c => c.ReceiptsDueAt).Select(c => c.Id).Take(MaxPerRun).ToListAsync(cancellationToken);
        foreach (var conversationId in putOff) jobs.Enqueue(new ApplyDeferredReceipts(conversationId));

        var unsent = await db.Messages
            .Where(m => m.EraseDueAt <= horizon)
            .OrderBy(m => m.EraseDueAt).Select(m => new { m.Id, DueAt = m.EraseDueAt!.Value }).Take(MaxPerRun).ToListAsync(cancellationToken);
        foreach (var message in unsent) jobs.Schedule(new EraseUnsentContent(message.Id), message.DueAt);

        var missing = await db.ParkedEvents
            .Where(p => p.FetchDueAt <= horizon)
            .OrderBy(p => p.FetchDueAt).Select(p => new { p.Id, DueAt = p.FetchDueAt!.Value }).Take(MaxPerRun).ToListAsync(cancellationToken);
        foreach (var parked in missing) jobs.Schedule(new FetchMissingMessage(parked.Id), parked.DueAt);

        await db.OAuthStates.Where(s => s.ExpiresAt < now).ExecuteDeleteAsync(cancellationToken);
        await db.PendingConnections.Where(p => p.ExpiresAt < now).ExecuteDeleteAsync(cancellationToken);
    }
}
