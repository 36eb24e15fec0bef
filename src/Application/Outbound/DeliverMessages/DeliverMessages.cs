using MetaMessaging.Application.Inbound;

namespace MetaMessaging.Application.Outbound;

/// <summary>Sends a conversation's queued messages, oldest first, up to the first that cannot be sent now; a failed part of a send holds
/// back only that send. Runs any number of times, on any node: the claim on the row decides who sends.</summary>
public sealed record DeliverMessages(long ConversationId) : IJob;

/// <summary>An echo confirmed a message whose outcome was unknown, so the messages behind it can be sent.</summary>
internal sealed class DeliverMessagesWhenConfirmed(IDispatcher dispatcher) : NotificationHandler<Happened<MessageConfirmed>>
{
    protected override void Handle(Happened<MessageConfirmed> notification) =>
        dispatcher.Wake(notification.Event.Message.ConversationId);
}

internal sealed class DeliverMessagesHandler(
    IAppDbContext db, MessageSender sender, IGraphBudget budget, IDispatcher dispatcher, IJobs jobs, TimeProvider clock)
    : AsyncRequestHandler<DeliverMessages>
{
    /// <summary>After these the next run begins with an empty change tracker, because every save examines all rows loaded before.</summary>
    private const int MaxMessagesPerRun = 10;

    protected override async Task Handle(DeliverMessages request, CancellationToken cancellationToken)
    {
        var message = await ClaimNextAsync(request.ConversationId, previous: null, cancellationToken);
        if (message is not null) await db.SaveChangesAsync(cancellationToken);   // the claim is on disk before Meta is called
        ScheduleNextAttempt(message);

        for (var remaining = MaxMessagesPerRun; message is { Status: MessageStatus.Sending }; remaining--)
        {
            await sender.SendAsync(message);

            // The outcome of this message and the claim on the next one are one commit, because a busy node is limited by its disk.
            var canContinue = !message.IsPending && remaining > 1 && !cancellationToken.IsCancellationRequested;
            var next = canContinue ? await ClaimNextAsync(request.ConversationId, message, CancellationToken.None) : null;
            await SaveOutcomeAsync(message);
            ScheduleNextAttempt(message);
            ScheduleNextAttempt(next);
            if (message.Status is MessageStatus.Sending) jobs.Schedule(new ReconcileSend(message.Id), message.ClaimedUntil!.Value);
            if (remaining == 1) dispatcher.Wake(request.ConversationId);
            message = next;
        }

        await HoldBackLaterPartsAsync(request, cancellationToken);
    }

    /// <summary>Saves nothing. The rate limit is checked before the claim, which would expire while the message waits for it.</summary>
    /// <returns>The next message, claimed or set to wait for the Page; null when none can be sent now.</returns>
    private async Task<Message?> ClaimNextAsync(long conversationId, Message? previous, CancellationToken cancellationToken)
    {
        // A suspended organization's messages wait; recovery finds them when it is active again.
        if (await FindNextAsync(conversationId, previous, cancellationToken) is not { IsActive: true } next) return null;

        var now = clock.GetUtcNow();
        var message = next.Message;
        if (message.WaitForPage(next.PausedUntil, now)) return message;
        return message.IsDue(now) && TryTakeBudget(message) && message.TryClaim(now) ? message : null;
    }

    /// <summary>Reads the Page's pause again, because another conversation on another node may have reached the rate limit.</summary>
    /// <remarks>Runs for every message, so the conversation comes with the first only, and attachments only where there are some.</remarks>
    /// <param name="previous">A message whose outcome is not saved yet; null for the first of a run.</param>
    private async Task<NextMessage?> FindNextAsync(long conversationId, Message? previous, CancellationToken cancellationToken)
    {
        var previousId = previous?.Id ?? 0;
        var sentId = previous is { Status: not MessageStatus.Failed } ? previous.Id : 0;
        var waiting = db.OutboundOf(conversationId)
            .Where(m => m.Id > previousId && (m.Status == MessageStatus.Queued || m.Status == MessageStatus.Sending))
            .Where(m => m.PartNumber == 0 || !db.Messages.Any(e => e.SendId == m.SendId && e.PartNumber < m.PartNumber && e.Id != sentId
                && (e.Status == MessageStatus.Queued || e.Status == MessageStatus.Sending || e.Status == MessageStatus.Failed)));
        if (previous is null) waiting = waiting.Include(m => m.Conversation.Connection);
        var next = await waiting.OrderBy(m => m.Id)
            .Select(m => new NextMessage(
                m, m.Conversation.Connection.SendsPausedUntil, m.Attachments.Any(),
                db.Organizations.Any(o => o.Id == m.OrganizationId && o.State == OrganizationState.Active)))
            .FirstOrDefaultAsync(cancellationToken);
        if (next is { HasAttachments: true, Message.Id: var id })
            await db.MessageAttachments.Where(a => a.MessageId == id).LoadAsync(cancellationToken);
        return next;
    }

    private bool TryTakeBudget(Message message) => budget.TryTake(
        message.Conversation.Connection.RateLimitedAccountId(message.Channel), message.IsAudioOrVideo, message.ConversationId);

    private void ScheduleNextAttempt(Message? message)
    {
        if (message?.NextAttemptAt is { } at) jobs.Schedule(new DeliverMessages(message.ConversationId), at);
    }

    /// <summary>Receipts may arrive before the outcome is saved, so they are applied to the message in the same transaction.</summary>
    private async Task SaveOutcomeAsync(Message message)
    {
        var duplicateId = await RemoveDuplicateAsync(message);
        var (conversationId, mid) = (message.ConversationId, message.ExternalId);
        var hasParkedEvents = false;
        await db.SaveChangesAsync(async cancellationToken =>
        {
            var current = await db.Conversations.AsNoTracking().Where(c => c.Id == conversationId)
                .Select(c => new
                {
                    c.DeliveredUpTo,
                    c.ReadUpTo,
                    HasParked = db.ParkedEvents.Any(p => p.ConnectionId == c.ConnectionId && p.Mid == mid),
                })
                .SingleAsync(cancellationToken);
            if (current.HasParked)
                hasParkedEvents = await db.MarkParkedEventsDueAsync(message.ConnectionId, mid, clock.GetUtcNow(), cancellationToken);
            await db.MarkMessagesUpToAsync(conversationId, current.DeliveredUpTo, current.ReadUpTo, cancellationToken);
            if (duplicateId is null) return;
            await db.Messages.Where(m => m.ConversationId == conversationId && m.ReplyToMessageId == duplicateId)
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.ReplyToMessageId, message.Id), cancellationToken);
        }, CancellationToken.None);
        if (hasParkedEvents) jobs.Enqueue(new ApplyParkedEvents(message.Id));
    }

    /// <summary>Without metadata, as on Instagram, an echo that came before Meta's answer may have been recorded as another app's message;
    /// now the mid shows that both rows are one.</summary>
    /// <returns>The id of the removed row, which replies may refer to; null when there was none.</returns>
    private async Task<long?> RemoveDuplicateAsync(Message message)
    {
        if (message is not { ExternalId: { } mid, ConnectionId: var connectionId, Id: var id }) return null;
        var duplicates = db.Messages.Where(m =>
            m.ConnectionId == connectionId && m.ExternalId == mid && m.Id != id && m.Origin == MessageOrigin.External);
        if (!await duplicates.AnyAsync()) return null;

        var duplicate = await duplicates.Include(m => m.Reactions).SingleAsync();
        message.MergeDuplicate(duplicate, clock.GetUtcNow());
        db.Messages.Remove(duplicate);
        return duplicate.Id;
    }

    /// <summary>The parts behind a failed part wait an hour for it to be sent again, and then fail as well.</summary>
    private async Task HoldBackLaterPartsAsync(DeliverMessages request, CancellationToken cancellationToken)
    {
        var laterParts = await db.OutboundOf(request.ConversationId)
            .Where(m => m.Status == MessageStatus.Queued && m.PartNumber > 0
                && db.Messages.Any(e => e.SendId == m.SendId && e.PartNumber < m.PartNumber && e.Status == MessageStatus.Failed))
            .ToListAsync(cancellationToken);
        if (!laterParts.ConvertAll(m => m.HoldBack(clock.GetUtcNow())).Contains(true)) return;

        await db.SaveChangesAsync(cancellationToken);
        if (laterParts.Max(m => m.HeldUntil) is { } until) jobs.Schedule(request, until);
    }

    private sealed record NextMessage(Message Message, DateTimeOffset? PausedUntil, bool HasAttachments, bool IsActive);
}
