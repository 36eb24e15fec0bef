namespace MetaMessaging.Application.Inbound;

/// <summary>Marks a conversation's messages up to its watermarks, which advanced while the app was shedding load.</summary>
[NotAudited("The message itself shows its receipts.")]
public sealed record ApplyDeferredReceipts(long ConversationId) : IJob;

internal sealed class ApplyDeferredReceiptsWhenPostponed(IJobs jobs, TimeProvider clock) : NotificationHandler<Happened<ReceiptsPostponed>>
{
    protected override void Handle(Happened<ReceiptsPostponed> notification) => jobs.Schedule(
        new ApplyDeferredReceipts(notification.Event.Conversation.Id), clock.GetUtcNow() + ILoadShedding.RetryDelay);
}

internal sealed class ApplyDeferredReceiptsHandler(IAppDbContext db, ILoadShedding load, IJobs jobs, TimeProvider clock)
    : AsyncRequestHandler<ApplyDeferredReceipts>
{
    protected override async Task Handle(ApplyDeferredReceipts request, CancellationToken cancellationToken)
    {
        if (load.Level >= LoadLevel.NoReceipts)
        {
            jobs.Schedule(request, clock.GetUtcNow() + ILoadShedding.RetryDelay);
            return;
        }

        var conversation = await db.Conversations
            .SingleOrDefaultAsync(c => c.Id == request.ConversationId && c.ReceiptsDueAt != null, cancellationToken);
        if (conversation is null) return;

        conversation.RaiseUpdated();
        await db.SaveChangesAsync(token => UpdateMessagesAsync(conversation.Id, token), cancellationToken);
    }

    /// <summary>A watermark that advances after the lock waits for this transaction, and sets ReceiptsDueAt again.</summary>
    private async Task UpdateMessagesAsync(long conversationId, CancellationToken cancellationToken)
    {
        var conversation = db.Conversations.Where(c => c.Id == conversationId);
        await conversation.LockAsync(cancellationToken);
        await conversation.ExecuteUpdateAsync(set => set.SetProperty(c => c.ReceiptsDueAt, (DateTimeOffset?)null), cancellationToken);
        var watermarks = await conversation.Select(c => new { c.DeliveredUpTo, c.ReadUpTo }).SingleAsync(cancellationToken);
        await db.MarkMessagesUpToAsync(conversationId, watermarks.DeliveredUpTo, watermarks.ReadUpTo, cancellationToken);
    }
}

internal sealed class RecoverReceipts(IAppDbContext db, IJobs jobs) : IRecovery
{
    public Task RecoverAsync(DateTimeOffset now, DateTimeOffset horizon, CancellationToken cancellationToken) => jobs.RecoverAsync(
        db.Conversations.Select(c => new DueRow { Id = c.Id, DueAt = c.ReceiptsDueAt }), horizon,
        id => new ApplyDeferredReceipts(id), cancellationToken);
}
