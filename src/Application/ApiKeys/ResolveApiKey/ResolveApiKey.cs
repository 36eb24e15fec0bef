using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Organizations;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.ApiKeys;

/// <summary>Whose key it is and what it may do right now, read at every call. Asked before anybody's organization is known.</summary>
public sealed record ResolveApiKey(string Key) : IRequest<ApiKeyCaller?>;

public sealed record ApiKeyCaller(long Id, string Name, long OrganizationId, IReadOnlyList<string> Scopes);

internal sealed class ResolveApiKeyHandler(IAppDbContext db, TimeProvider clock) : IRequestHandler<ResolveApiKey, ApiKeyCaller?>
{
    public async Task<ApiKeyCaller?> Handle(ResolveApiKey request, CancellationToken cancellationToken)
    {
        var hash = ApiKey.HashOf(request.Key);
        var key = await db.ApiKeys.SingleOrDefaultAsync(k => k.KeyHash == hash, cancellationToken);
        if (key is null) return null;

        if (key.NoteUse(clock.GetUtcNow())) await db.SaveChangesAsync(cancellationToken);
        return new ApiKeyCaller(key.Id, key.Name, key.OrganizationId, key.Scopes);
    }
}
