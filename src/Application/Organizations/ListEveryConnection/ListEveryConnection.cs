using MetaMessaging.Application.Connections;
using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.Application.Organizations;

/// <summary>Every organization's connections and their health, the latest first; nobody's messages.</summary>
public sealed record ListEveryConnection(int? Limit = null, string? Cursor = null) : IRequest<Page<EveryConnectionModel>>, IPaged;

/// <param name="Problem">The worst of the problems.</param>
public sealed record EveryConnectionModel(
    long Id, OrganizationModel Organization, string PageId, string PageName, string? InstagramAccountId, string? InstagramUsername,
    ConnectionState State, IReadOnlyList<Channel> Channels, DateTimeOffset ConnectedAt, DateTimeOffset? TokenExpiresAt,
    DateTimeOffset? LastEventAt, string? Problem, IReadOnlyList<ConnectionProblemModel> Problems);

internal sealed class ListEveryConnectionValidator : AbstractValidator<ListEveryConnection>
{
    public ListEveryConnectionValidator() => Include(new PagedValidator());
}

internal sealed class ListEveryConnectionHandler(IAppDbContext db) : IRequestHandler<ListEveryConnection, Page<EveryConnectionModel>>
{
    public async Task<Page<EveryConnectionModel>> Handle(ListEveryConnection request, CancellationToken cancellationToken)
    {
        // A system administrator sees every organization's connections.
        var page = await db.Connections.IgnoreQueryFilters().AsNoTracking().ToPageAsync(request, c => c.ConnectedAt, cancellationToken);
        var ids = page.Items.Select(c => c.OrganizationId).ToHashSet();
        var organizations = await db.Organizations.Where(o => ids.Contains(o.Id)).ProjectToType<OrganizationModel>()
            .ToDictionaryAsync(o => o.Id, cancellationToken);
        return page.Select(row =>
        {
            var c = row.Adapt<ConnectionModel>();
            return new EveryConnectionModel(
                c.Id, organizations[row.OrganizationId], c.PageId, c.PageName, c.InstagramAccountId, c.InstagramUsername, c.State,
                c.Channels, c.ConnectedAt, c.TokenExpiresAt, c.LastEventAt, c.Problem, c.Problems);
        });
    }
}
