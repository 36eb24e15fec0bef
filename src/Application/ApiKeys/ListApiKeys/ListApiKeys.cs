namespace MetaMessaging.Application.ApiKeys;

/// <summary>The organization's API keys, newest first, without the secret part.</summary>
public sealed record ListApiKeys(int? Limit = null, string? Cursor = null) : IRequest<Page<ApiKeyModel>>, IPaged;

/// <param name="CreatedBy">Who made it, also after that person has left the organization.</param>
public sealed record ApiKeyModel(
    long Id, string Name, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, ApiKeyCreator? CreatedBy, DateTimeOffset? LastUsedAt);

public sealed record ApiKeyCreator(long Id, string Name);

internal sealed class ListApiKeysValidator : AbstractValidator<ListApiKeys>
{
    public ListApiKeysValidator() => Include(new PagedValidator());
}

internal sealed class ListApiKeysHandler(IAppDbContext db, IUserAccounts accounts) : IRequestHandler<ListApiKeys, Page<ApiKeyModel>>
{
    public async Task<Page<ApiKeyModel>> Handle(ListApiKeys request, CancellationToken cancellationToken)
    {
        var page = await db.ApiKeys.AsNoTracking().ToPageAsync(request, key => key.CreatedAt, cancellationToken);
        var creators = await accounts.NamesAsync([.. page.Items.Select(k => k.CreatedByUserId).OfType<long>()], cancellationToken);
        return page.Select(k => new ApiKeyModel(
            k.Id, k.Name, k.Scopes, k.CreatedAt,
            k.CreatedByUserId is { } id && creators.TryGetValue(id, out var name) ? new ApiKeyCreator(id, name) : null, k.LastUsedAt));
    }
}
