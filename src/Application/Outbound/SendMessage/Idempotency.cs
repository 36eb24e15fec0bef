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
    /// <summary>The key's row from before, which a day later may be used again.</summary>
    private IdempotencyKey? over;

    private string Caller => $"{caller.Sender.Origin}:{caller.Sender.Id}";

    /// <returns>What was sent under this key before, as it is now; null when there is nothing, or no key.</returns>
    /// <exception cref="ConflictException">idempotency_key_reused</exception>
    public async Task<IReadOnlyList<MessageModel>?> FindAsync(SendMessage request, CancellationToken cancellationToken)
    {
        if (request.IdempotencyKey is null) return null;

        over = await Known(request).SingleOrDefaultAsync(cancellationToken);
        return over is null || over.IsExpired(clock.GetUtcNow()) ? null : await AnswerAsync(request, over, cancellationToken);
    }

    /// <summary>Saves what is to be sent and its key in one commit.</summary>
    /// <returns>What the same call has sent meanwhile; null when this one sends.</returns>
    public async Task<IReadOnlyList<MessageModel>?> SaveAsync(SendMessage request, string sendId, CancellationToken cancellationToken)
    {
        if (request.IdempotencyKey is { } key)
        {
            var now = clock.GetUtcNow();
            if (over is null) db.IdempotencyKeys.Add(new IdempotencyKey(scope.OrganizationId!.Value, Caller, key, HashOf(request), sendId, now));
            else over.Use(HashOf(request), sendId, now);
        }

        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return null;
        }
        catch (DbUpdateException) when (request.IdempotencyKey is not null)
        {
            // The index, or the row's version, has let the other one through. When neither was it, nothing else has used the key.
            var winner = await Known(request).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
            if (winner is null || winner.IsExpired(clock.GetUtcNow())) throw;
            return await AnswerAsync(request, winner, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<MessageModel>> AnswerAsync(SendMessage request, IdempotencyKey known, CancellationToken cancellationToken)
    {
        if (known.RequestHash != HashOf(request))
            throw new ConflictException("idempotency_key_reused", "This Idempotency-Key was used for another message. Choose a new one.");

        var messages = await db.Messages.AsNoTracking().Include(m => m.Attachments).Include(m => m.Reactions)
            .Where(m => m.SendId == known.SendId).OrderBy(m => m.OccurredAt).ThenBy(m => m.Id).ToListAsync(cancellationToken);
        return messages.Adapt<List<MessageModel>>();
    }

    private IQueryable<IdempotencyKey> Known(SendMessage request) => db.IdempotencyKeys.Where(k => k.Caller == Caller && k.Key == request.IdempotencyKey);

    private static string HashOf(SendMessage request) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request)));
}
