using MetaMessaging.Application.Inbound;

namespace MetaMessaging.Application.Outbound;

/// <summary>Saves what calls to Meta came to and claims the next messages, of any number of conversations in one commit. As with a single
/// message, a claim is on disk before Meta is called; an outcome that is lost leaves its message to <see cref="ReconcileSend"/>.</summary>
public sealed class SendBatch(IAppDbContext db, AuditLog audit, IGraphBudget budget, IJobs jobs, TimeProvider clock) : IScopedService
{
    /// <param name="conversationIds">Whose next message to claim. A conversation whose message still has to be sent is left out.</param>
    /// <returns>The claimed messages, which are to be sent now.</returns>
    public async Task<IReadOnlyList<Message>> SaveAndClaimAsync(
        IReadOnlyCollection<SendOutcome> outcomes, IReadOnlyCollection<long> conversationIds, CancellationToken cancellationToken)
    {
        var replaced = new Dictionary<long, Message>();
        var called = outcomes.Count == 0 ? [] : await ApplyAsync(outcomes, replaced);
        List<long> ready = [.. conversationIds.Except(called.Where(m => m.IsPending).Select(m => m.ConversationId))];
        var next = ready.Count == 0 ? [] : await ClaimAsync(ready, called, outcomes.Count > 0 ? CancellationToken.None : cancellationToken);
        if (called.Count + next.Count > 0) await SaveAsync(called, replaced);

        foreach (var message in called.Concat(next))
        {
            if (message.NextAttemptAt is { } at) jobs.Schedule(new DeliverMessages(message.ConversationId), at);
        }

        foreach (var message in called.Where(m => m.Status is MessageStatus.Sending))
            jobs.Schedule(new ReconcileSend(message.Id), message.ClaimedUntil!.Value);

        List<Message> claimed = [.. next.Where(m => m.Status is MessageStatus.Sending)];
        await HoldBackLaterPartsAsync(
            [.. ready.Except(claimed.Select(m => m.ConversationId)),
                .. called.Where(m => m.Status is MessageStatus.Failed).Select(m => m.ConversationId)]);
        return claimed;
    }

    /// <summary>Reads the messages again, because an echo may have confirmed one meanwhile.</summary>
    /// <param name="replaced">Gets the messages that replace a row of another origin, by that row's id.</param>
    private async Task<List<Message>> ApplyAsync(IReadOnlyCollection<SendOutcome> outcomes, Dictionary<long, Message> replaced)
    {
        var ids = outcomes.Select(o => o.MessageId).ToList();
        var messages = await db.Messages.Include(m => m.Conversation.Connection)
            .Where(m => ids.Contains(m.Id)).ToDictionaryAsync(m => m.Id);
        var duplicates = await FindDuplicatesAsync(messages.Values, [.. outcomes.Select(o => o.ExternalId).OfType<string>()]);
        foreach (var outcome in outcomes)
        {
            if (messages.GetValueOrDefault(outcome.MessageId) is not { } message) continue;   // erased meanwhile
            if (outcome.ExternalId is null && !message.IsClaimed(outcome.ClaimedUntil)) continue;   // another worker has taken it since
            using var activity = Tracing.Continue("record outcome", message.TraceParent);
            await ApplyAsync(outcome, message);
            if (!duplicates.TryGetValue((message.ConnectionId, outcome.ExternalId), out var duplicate)) continue;
            message.MergeDuplicate(duplicate, clock.GetUtcNow());
            db.Messages.Remove(duplicate);
            replaced.Add(duplicate.Id, message);
        }

        return [.. messages.Values];
    }

    /// <summary>Without metadata, as on Instagram, an echo that came before Meta's answer may have been recorded as another app's message;
    /// now the mid shows that both rows are one.</summary>
    private async Task<Dictionary<(long ConnectionId, string? Mid), Message>> FindDuplicatesAsync(
        IReadOnlyCollection<Message> messages, List<string> mids)
    {
        if (mids.Count == 0) return [];
        var connectionIds = messages.Select(m => m.ConnectionId).Distinct().ToList();
        return await db.Messages.Include(m => m.Reactions)
            .Where(m => connectionIds.Contains(m.ConnectionId) && mids.Contains(m.ExternalId!) && m.Origin == MessageOrigin.External)
            .ToDictionaryAsync(m => (m.ConnectionId, m.ExternalId));
    }

    private async Task ApplyAsync(SendOutcome outcome, Message message)
    {
        var connection = message.Conversation.Connection;
        if (outcome.ExternalId is { } mid)
        {
            message.MarkSent(mid, outcome.At);
            connection.ResumeSends();
        }
        else if (outcome.NotCalled is { Class: RefusalClass.Transient } postponement)
        {
            message.RecordRefusal(postponement, outcome.At, Random.Shared.NextDouble());
        }
        else if (outcome.NotCalled is { } failure)
        {
            message.Fail(failure);
        }
        else if (outcome.Refusal is { } refusal)
        {
            message.RecordRefusal(refusal, outcome.At, Random.Shared.NextDouble());
            if (refusal.Class is RefusalClass.Attachment)
            {
                await db.MessageAttachments.Where(a => a.MessageId == message.Id).LoadAsync();
                message.DiscardUpload();
            }

            audit.RecordState(connection, () => connection.ApplySendRefusal(refusal, message.Channel, outcome.At));
            db.SendRefusals.Add(new SendRefusal(message, refusal, outcome.At));
        }
    }

    /// <summary>Saves nothing. The rate limit is checked before the claim, which would expire while the message waits for it.</summary>
    /// <param name="called">Messages whose outcome is not saved yet.</param>
    /// <returns>The next messages, claimed or set to wait for the Page.</returns>
    private async Task<List<Message>> ClaimAsync(List<long> conversationIds, List<Message> called, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var next = new List<Message>();
        foreach (var found in await FindNextAsync(conversationIds, called, cancellationToken))
        {
            // A suspended organization's messages wait; recovery finds them when it is active again.
            if (!found.IsActive) continue;

            var (message, connection) = (found.Message, found.Message.Conversation.Connection);
            if (message.WaitForPage(new[] { connection.SendsPausedUntil, found.PausedUntil }.Max(), now)
                || (message.IsDue(now) && TryTakeBudget(message) && message.TryClaim(now))) next.Add(message);
        }

        return next;
    }

    /// <summary>Reads the Page's pause again, because another conversation on another node may have reached the rate limit.</summary>
    private async Task<List<NextMessage>> FindNextAsync(
        List<long> conversationIds, List<Message> called, CancellationToken cancellationToken)
    {
        var calledIds = called.ConvertAll(m => m.Id);
        var sentIds = called.Where(m => m.Status is not MessageStatus.Failed).Select(m => m.Id).ToList();
        var ids = await db.Conversations.Where(c => conversationIds.Contains(c.Id))
            .Select(c => db.Messages
                .Where(m => m.ConversationId == c.Id && m.Direction == MessageDirection.Outbound && !calledIds.Contains(m.Id)
                    && (m.Status == MessageStatus.Queued || m.Status == MessageStatus.Sending)
                    && (m.PartNumber == 0 || !db.Messages.Any(e =>
                        e.SendId != null && e.SendId == m.SendId && e.PartNumber < m.PartNumber
                        && !sentIds.Contains(e.Id)
                        && (e.Status == MessageStatus.Queued || e.Status == MessageStatus.Sending || e.Status == MessageStatus.Failed))))
                .Min(m => (long?)m.Id))
            .Where(id => id != null)
            .ToListAsync(cancellationToken);
        if (ids.Count == 0) return [];

        var next = await db.Messages.Include(m => m.Conversation.Connection).Where(m => ids.Contains(m.Id))
            .Select(m => new NextMessage(
                m, m.Conversation.Connection.SendsPausedUntil, m.Attachments.Any(),
                db.Organizations.Any(o => o.Id == m.OrganizationId && o.State == OrganizationState.Active)))
            .ToListAsync(cancellationToken);
        var withFiles = next.Where(n => n.HasAttachments).Select(n => (long?)n.Message.Id).ToList();
        if (withFiles.Count > 0) await db.MessageAttachments.Where(a => withFiles.Contains(a.MessageId)).LoadAsync(cancellationToken);
        return next;
    }

    private bool TryTakeBudget(Message message) => budget.TryTake(
        message.Conversation.Connection.RateLimitedAccountId(message.Channel), message.IsAudioOrVideo, message.ConversationId);

    /// <summary>Receipts and other events may arrive before the outcome is saved, so they are looked for in the same transaction.</summary>
    private async Task SaveAsync(List<Message> called, Dictionary<long, Message> replaced)
    {
        var sent = called.Where(m => m.ExternalId is not null).ToList();
        var withParkedEvents = new List<Message>();
        await db.SaveChangesAsync(async token =>
        {
            if (sent.Count == 0) return;
            await db.ApplyReceiptsAsync(sent, token);
            withParkedEvents = await MarkParkedEventsAsync(sent, token);
            foreach (var (duplicateId, message) in replaced)
            {
                await db.Messages.Where(m => m.ConversationId == message.ConversationId && m.ReplyToMessageId == duplicateId)
                    .ExecuteUpdateAsync(set => set.SetProperty(m => m.ReplyToMessageId, message.Id), token);
            }
        }, CancellationToken.None);
        withParkedEvents.ForEach(m => jobs.Enqueue(new ApplyParkedEvents(m.Id)));
    }

    private async Task<List<Message>> MarkParkedEventsAsync(List<Message> sent, CancellationToken cancellationToken)
    {
        var connectionIds = sent.Select(m => m.ConnectionId).Distinct().ToList();
        var mids = sent.ConvertAll(m => m.ExternalId!);
        var parked = await db.ParkedEvents.Where(p => connectionIds.Contains(p.ConnectionId) && mids.Contains(p.Mid))
            .Select(p => new { p.ConnectionId, p.Mid }).ToListAsync(cancellationToken);
        var waitedFor = sent.FindAll(m => parked.Exists(p => p.ConnectionId == m.ConnectionId && p.Mid == m.ExternalId));
        foreach (var message in waitedFor)
            await db.MarkParkedEventsDueAsync(message.ConnectionId, message.ExternalId, clock.GetUtcNow(), cancellationToken);
        return waitedFor;
    }

    /// <summary>The parts behind a failed part wait an hour for it to be sent again, and then fail as well.</summary>
    private async Task HoldBackLaterPartsAsync(List<long> conversationIds)
    {
        if (conversationIds.Count == 0) return;
        var laterParts = await db.Messages
            .Where(m => conversationIds.Contains(m.ConversationId) && m.Direction == MessageDirection.Outbound
                && m.Status == MessageStatus.Queued && m.PartNumber > 0
                && db.Messages.Any(e => e.SendId != null && e.SendId == m.SendId && e.PartNumber < m.PartNumber
                    && e.Status == MessageStatus.Failed))
            .ToListAsync();
        if (!laterParts.ConvertAll(m => m.HoldBack(clock.GetUtcNow())).Contains(true)) return;

        await db.SaveChangesAsync(CancellationToken.None);
        foreach (var parts in laterParts.GroupBy(m => m.ConversationId))
        {
            if (parts.Max(m => m.HeldUntil) is { } until) jobs.Schedule(new DeliverMessages(parts.Key), until);
        }
    }

    private sealed record NextMessage(Message Message, DateTimeOffset? PausedUntil, bool HasAttachments, bool IsActive);
}
