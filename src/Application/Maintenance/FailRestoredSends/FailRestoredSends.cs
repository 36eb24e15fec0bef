namespace MetaMessaging.Application.Maintenance;

/// <summary>
/// After a restore: what waited to be sent when the backup was made has most likely been sent since. It fails with that reason, so that it
/// is not sent twice; an agent who has looked may send it again.
/// </summary>
[NotAudited("The messages themselves show their status.")]
public sealed record FailRestoredSends : IRequest<int>;

internal sealed class FailRestoredSendsHandler(IAppDbContext db) : IRequestHandler<FailRestoredSends, int>
{
    private const int ChunkSize = 500;

    private static readonly Refusal MayHaveBeenSent = Refusal.OfGateway(
        RefusalClass.OutcomeUnknown,
        "It was waiting to be sent when the backup was made that has been restored, so it may have been sent since. "
            + "Look at the conversation in Meta's inbox before you send it again.",
        RefusalActor.Agent, retryable: true);

    /// <returns>How many messages have failed.</returns>
    public async Task<int> Handle(FailRestoredSends request, CancellationToken cancellationToken)
    {
        var failed = 0;
        while (true)
        {
            var pending = await db.Messages.Include(m => m.Conversation.Connection)
                .Where(m => m.Status == MessageStatus.Queued || m.Status == MessageStatus.Sending)
                .OrderBy(m => m.Id).Take(ChunkSize).ToListAsync(cancellationToken);
            if (pending.Count == 0) return failed;

            foreach (var message in pending) message.Fail(MayHaveBeenSent);
            await db.SaveChangesAsync(cancellationToken);
            failed += pending.Count;
        }
    }
}
