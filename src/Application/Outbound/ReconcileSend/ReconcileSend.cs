using MetaMessaging.Application.Inbound;

namespace MetaMessaging.Application.Outbound;

/// <summary>Sends a message whose attempt had no answer again, but only if Meta's conversation does not show it.</summary>
[NotAudited("The message itself shows its status.")]
public sealed record ReconcileSend(long MessageId) : IJob;

internal sealed class ReconcileSendHandler(
    IAppDbContext db, IMetaMessages metaMessages, IDispatcher dispatcher, IJobs jobs, TimeProvider clock)
    : AsyncRequestHandler<ReconcileSend>
{
    /// <summary>How far Meta's clock may be behind ours, so that its time of a message is before our time of the attempt.</summary>
    private static readonly TimeSpan MaxClockSkew = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);

    /// <summary>Longer, because the rate limit concerns the Page and says nothing about this message.</summary>
    private static readonly TimeSpan MaxAgeWhileRateLimited = TimeSpan.FromDays(1);

    protected override async Task Handle(ReconcileSend request, CancellationToken cancellationToken)
    {
        var message = await db.Messages.Include(m => m.Conversation.Connection).Include(m => m.Attachments)
            .SingleOrDefaultAsync(m => m.Id == request.MessageId, cancellationToken);
        if (message is not { Status: MessageStatus.Sending } || message.ClaimedUntil > clock.GetUtcNow()) return;

        try
        {
            if (await FindAtMetaAsync(message, cancellationToken) is { } found) message.MarkSent(found.ExternalId, found.CreatedAt);
            else message.RequeueUnsent(clock.GetUtcNow());
        }
        catch (Exception exception) when (exception is GraphException or ConflictException)
        {
            RetryOrGiveUp(message, exception);
        }

        var hasParkedEvents = false;
        await db.SaveChangesAsync(
            async token =>
            {
                if (message.ExternalId is not null) await db.ApplyReceiptsAsync([message], token);
                hasParkedEvents = await db.MarkParkedEventsDueAsync(message.ConnectionId, message.ExternalId, clock.GetUtcNow(), token);
            },
            cancellationToken);
        if (hasParkedEvents) jobs.Enqueue(new ApplyParkedEvents(message.Id));
        if (message.Status is MessageStatus.Sending) jobs.Schedule(request, message.ClaimedUntil!.Value);
        else dispatcher.Wake(message.ConversationId);
    }

    /// <returns>The first message at Meta that may be this one: not older than the attempt, and not known as another message.</returns>
    private async Task<RemoteMessage?> FindAtMetaAsync(Message message, CancellationToken cancellationToken)
    {
        var conversation = message.Conversation;
        var recent = await metaMessages.ListRecentMessagesAsync(
            Recipient.Of(conversation.Connection, conversation.Channel, conversation.ScopedUserId), cancellationToken);
        var earliest = message.LastAttemptAt - MaxClockSkew;
        var candidates = recent
            .Where(r => r.FromId != conversation.ScopedUserId
                && r.CreatedAt >= Floor(earliest)
                && message.CouldBeEchoOf(r.Text, r.AttachmentKinds))
            .OrderBy(r => r.CreatedAt)
            .ToList();
        var mids = candidates.Select(c => c.ExternalId).ToList();
        var knownMids = await db.Messages
            .Where(m => m.ConnectionId == message.ConnectionId && m.Id != message.Id && mids.Contains(m.ExternalId!))
            .Select(m => m.ExternalId)
            .ToListAsync(cancellationToken);
        return candidates.FirstOrDefault(c => !knownMids.Contains(c.ExternalId));
    }

    // Meta's created_time has whole seconds.
    private static DateTimeOffset? Floor(DateTimeOffset? time) =>
        time is { } t ? DateTimeOffset.FromUnixTimeSeconds(t.ToUnixTimeSeconds()) : null;

    private void RetryOrGiveUp(Message message, Exception exception)
    {
        var now = clock.GetUtcNow();
        var limited = exception is GraphException { Refusal: { Class: RefusalClass.Rate } rate } ? rate : null;
        var maxAge = limited is null ? MaxAge : MaxAgeWhileRateLimited;
        if (now - message.LastAttemptAt < maxAge)
        {
            message.ExtendClaim(now + (limited?.RetryAfter ?? RetryDelay));
            return;
        }

        message.Fail(Refusal.OfGateway(
            RefusalClass.OutcomeUnknown, "The message may have been sent: Meta gave no answer, and could not be asked since.",
            RefusalActor.Agent, retryable: true, exception.Message));
    }
}

internal sealed class RecoverUnansweredSends(IAppDbContext db, IJobs jobs) : IRecovery
{
    public Task RecoverAsync(DateTimeOffset now, DateTimeOffset horizon, CancellationToken cancellationToken) => jobs.RecoverAsync(
        db.Messages.Where(m => m.Status == MessageStatus.Sending).Select(m => new DueRow { Id = m.Id, DueAt = m.ClaimedUntil }), horizon,
        id => new ReconcileSend(id), cancellationToken);
}
