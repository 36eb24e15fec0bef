namespace MetaMessaging.Application.Inbound;

internal sealed class RecoverReceipts(IAppDbContext db, IJobs jobs) : IRecovery
{
    public async Task RecoverAsync(DateTimeOffset now, DateTimeOffset horizon, CancellationToken cancellationToken)
    {
        var conversationIds = await db.Conversations.Where(c => c.ReceiptsDueAt <= horizon)
            .OrderBy(c => c.ReceiptsDueAt).Select(c => c.Id)
            .Take(IRecovery.MaxPerRun).ToListAsync(cancellationToken);
        foreach (var conversationId in conversationIds) jobs.Enqueue(new ApplyDeferredReceipts(conversationId));
    }
}
