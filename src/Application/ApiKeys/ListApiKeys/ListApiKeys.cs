namespace MetaMessaging.Application.ApiKeys;

/// <summary>The organization's API keys, newest first, without the secret part.</summary>
public sealed record ListApiKeys(int? Limit = null, string? Cursor = null) : IRequest<Page<ApiKeyModel>>, IPaged;

public sealed record ApiKeyModel(long Id, string Name, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

internal sealed class ListApiKeysValidator : AbstractValidator<ListApiKeys>
{
    public ListApiKeysValidator() => Include(new PagedValidator());
}

internal sealed class ListApiKeysHandler(IAppDbContext db) : IRequestHandler<ListApiKeys, Page<ApiKeyModel>>
{
    public Task<Page<ApiKeyModel>> Handle(ListApiKeys request, CancellationToken cancellationToken) =>
        db.ApiKeys.ToPageAsync<ApiKey, ApiKeyModel>(request, key => key.CreatedAt, cancellationToken);
}
