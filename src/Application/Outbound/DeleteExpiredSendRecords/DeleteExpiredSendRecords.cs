namespace MetaMessaging.Application.Outbound;

/// <summary>Deletes idempotency keys that may be used again, and refusals that are counted no more.</summary>
[NotAudited("What it deletes has no effect any more.")]
public sealed record DeleteExpiredSendRecords : IRecurringJob { string IRecurringJob.Schedule => "* * * * *"; }

internal sealed class DeleteExpiredSendRecordsHandler(IAppDbContext db, ChunkedDeletion deletion, TimeProvider clock)
    : AsyncRequestHandler<DeleteExpiredSendRecords>
{
    protected override async Task Handle(DeleteExpiredSendRecords request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var keysUpTo = now - IdempotencyKey.Lifetime;
        await deletion.DeleteAsync(
            db.IdempotencyKeys.Where(k => k.CreatedAt <= keysUpTo).OrderBy(k => k.CreatedAt), db.IdempotencyKeys, cancellationToken);
        var refusalsBefore = now - SendRefusal.Lifetime;
        await deletion.DeleteAsync(
            db.SendRefusals.Where(r => r.At < refusalsBefore).OrderBy(r => r.At), db.SendRefusals, cancellationToken);
    }
}
