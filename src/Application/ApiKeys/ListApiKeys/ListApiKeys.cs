using Mapster;
using MediatR;
using MetaMessaging.Application.Common;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.ApiKeys;

/// <summary>The organization's keys, newest first. Never the keys themselves.</summary>
public sealed record ListApiKeys(int? Limit = null, string? Cursor = null) : IRequest<Page<ApiKeyModel>>, IPaged;

public sealed record ApiKeyModel(long Id, string Name, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

internal sealed class ListApiKeysValidator : FluentValidation.AbstractValidator<ListApiKeys>
{
    public ListApiKeysValidator() => Include(new PagedValidator());
}

internal sealed class ListApiKeysHandler(IAppDbContext db) : IRequestHandler<ListApiKeys, Page<ApiKeyModel>>
{
    public async Task<Page<ApiKeyModel>> Handle(ListApiKeys request, CancellationToken cancellationToken)
    {
        var limit = request.Limit ?? Cursor.DefaultLimit;
        var keys = db.ApiKeys.AsNoTracking();
        if (Cursor.Parse(request.Cursor) is { } after) keys = keys.Where(k => k.CreatedAt < after.At || (k.CreatedAt == after.At && k.Id < after.Id));

        var found = await keys.OrderByDescending(k => k.CreatedAt).ThenByDescending(k => k.Id).Take(limit + 1).ToListAsync(cancellationToken);
        var page = Cursor.Cut(found, limit, k => new Cursor(k.CreatedAt, k.Id));
        return new Page<ApiKeyModel>(page.Items.Adapt<List<ApiKeyModel>>(), page.NextCursor);
    }
}
