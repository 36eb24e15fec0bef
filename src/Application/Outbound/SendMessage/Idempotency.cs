using MetaMessaging.Application.Conversations;

namespace MetaMessaging.Application.Outbound;

/// <summary>Answers a repeated Idempotency-Key from the first request's messages, so that nothing is sent twice.</summary>
internal sealed class Idempotency(IAppDbContext db, ICaller caller, OrganizationScope scope, TimeProvider clock) : IScopedService
{
    /// <summary>The row of an earlier send under the same key, which may be used again after a day.</summary>
    private IdempotencyKey? expired;

    private string Caller => $"{caller.Sender.Origin}:{caller.Sender.Id}";

    /// <returns>The messages that were sent under this key, as they are now; null when there are none, or no key.</returns>
    public async Task<IReadOnlyList<MessageModel>?> FindAnswerAsync(SendMessage request, CancellationToken cancellationToken)
    {
        if (request.IdempotencyKey is null) return null;

        var known = await db.IdempotencyKeys.AsNoTracking()
            .SingleOrDefaultAsync(k => k.Caller == Caller && k.Key == request.IdempotencyKey, cancellationToken);
        if (known is null) return null;
        if (known.IsExpired(clock.GetUtcNow()))
        {
            expired = known;
            return null;
        }

        if (known.RequestHash != HashOf(request))
            throw new ConflictException("idempotency_key_reused", "This Idempotency-Key was used with a different request. Use a new one.");

        var messages = await db.Messages.AsNoTracking().Include(m => m.Attachments).Include(m => m.Reactions)
            .Where(m => m.SendId == known.SendId).OrderBy(m => m.OccurredAt).ThenBy(m => m.Id).ToListAsync(cancellationToken);
        return messages.Adapt<List<MessageModel>>();
    }

    /// <summary>Adds the key to the unit of work. Its unique index, or its concurrency token, lets only one of two saves succeed.</summary>
    public void AddKey(SendMessage request, string sendId)
    {
        if (request.IdempotencyKey is not { } key) return;

        var (hash, now) = (HashOf(request), clock.GetUtcNow());
        if (expired is null) db.IdempotencyKeys.Add(new IdempotencyKey(scope.OrganizationId!.Value, Caller, key, hash, sendId, now));
        else db.IdempotencyKeys.Attach(expired).Entity.Use(hash, sendId, now);
    }

    private static string HashOf(SendMessage request) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request)));
}
