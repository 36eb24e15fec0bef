using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Application.Outbound;
using MetaMessaging.Domain.Conversations;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Upkeep;

/// <summary>Finds rows whose alarm was lost: to a restart, to a node that died. Runs at start and every minute.</summary>
/// <param name="Overdue">How long past its time a row must be; the alarms of a running node are given time to ring.</param>
public sealed record PickUpWhatWasLeft(TimeSpan Overdue) : IJob;

internal sealed class PickUpWhatWasLeftHandler(IAppDbContext db, IDispatcher dispatcher, IJobs jobs, IWebhookInbox inbox, TimeProvider clock)
    : AsyncRequestHandler<PickUpWhatWasLeft>
{
    private const int MostAtOnce = 1000;

    protected override async Task Handle(PickUpWhatWasLeft request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var overdue = now - request.Overdue;
        inbox.Wake();

        var queued = await db.Messages
            .Where(m => m.Status == MessageStatus.Queued && (m.NextAttemptAt == null || m.NextAttemptAt <= now))
            .Select(m => m.ConversationId).Distinct().Take(MostAtOnce).ToListAsync(cancellationToken);
        foreach (var conversationId in queued) dispatcher.Wake(conversationId);

        var unproven = await db.Messages
            .Where(m => m.Status == MessageStatus.Sending && m.ClaimedUntil <= overdue)
            .OrderBy(m => m.Id).Select(m => m.Id).Take(MostAtOnce).ToListAsync(cancellationToken);
        foreach (var id in unproven) jobs.Enqueue(new SettleSend(id));

        var contacts = await db.Contacts.Where(c => c.ProfileDueAt <= overdue)
            .OrderBy(c => c.ProfileDueAt).Select(c => c.Id).Take(MostAtOnce).ToListAsync(cancellationToken);
        foreach (var id in contacts) jobs.Enqueue(new EnrichContact(id));

        var attachments = await db.MessageAttachments.Where(a => a.NextAttemptAt <= overdue)
            .OrderBy(a => a.NextAttemptAt).Select(a => a.Id).Take(MostAtOnce).ToListAsync(cancellationToken);
        foreach (var id in attachments) jobs.Enqueue(new DownloadAttachment(id));

        await db.OAuthStates.Where(s => s.ExpiresAt < now).ExecuteDeleteAsync(cancellationToken);
        await db.PendingConnections.Where(p => p.ExpiresAt < now).ExecuteDeleteAsync(cancellationToken);
    }
}
