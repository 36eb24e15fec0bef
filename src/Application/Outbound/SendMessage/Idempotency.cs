using System.Security.Cryptography;
using System.Text.Json;
using Mapster;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Conversations;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Outbound;

/// <summary>A client that got no answer asks again under the same key, perhaps at the same time: one send comes of it.</summary>
internal sealed class Idempotency(IAppDbContext db, ICaller caller, OrganizationScope scope, TimeProvider clock)
{
    private string Caller => $"{caller.Sender.Origin}:{caller.Sender.Id}";

    /// <returns>What was sent under this key before, as it is now; null when there is nothing, or no key.</returns>
    /// <exception cref="ConflictException">idempotency_key_reused</exception>
    public async Task<IReadOnlyList<MessageModel>?> FindAsync(SendMessage request, CancellationToken cancellationToken)
    {
        if (request.IdempotencyKey is null) return null;
        var known = await Known(request).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        if (known is null || known.IsOver(clock.GetUtcNow())) return null;
        if (known.RequestHash != HashOf(request))
            throw new ConflictException("idempotency_key_reused", "This Idempotency-Key was used for another message. Choose a new one.");

        var messages = await db.Messages.AsNoTracking().Include(m => m.Attachments).Include(m => m.Reactions)
            .Where(m => m.SendId == known.SendId).OrderBy(m => m.Id).ToListAsync(cancellationToken);
        return messages.Adapt<List<MessageModel>>();
    }

    /// <summary>Saves what is to be sent and its key in one commit.</summary>
    /// <returns>What the same call has sent meanwhile; null when this one sends.</returns>
    public async Task<IReadOnlyList<MessageModel>?> SaveAsync(SendMessage request, string sendId, CancellationToken cancellationToken)
    {
        if (request.IdempotencyKey is { } key)
        {
            var now = clock.GetUtcNow();
            var known = await Known(request).SingleOrDefaultAsync(cancellationToken);
            if (known is null) db.IdempotencyKeys.Add(new IdempotencyKey(scope.OrganizationId!.Value, Caller, key, HashOf(request), sendId, now));
            else if (known.IsOver(now)) known.Use(HashOf(request), sendId, now);
            else return await FindAsync(request, cancellationToken);
        }

        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return null;
        }
        catch (DbUpdateException) when (request.IdempotencyKey is not null)
        {
            if (await FindAsync(request, cancellationToken) is { } sentMeanwhile) return sentMeanwhile;
            throw;
        }
    }

    private IQueryable<IdempotencyKey> Known(SendMessage request) => db.IdempotencyKeys.Where(k => k.Caller == Caller && k.Key == request.IdempotencyKey);

    private static string HashOf(SendMessage request) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request)));
}
