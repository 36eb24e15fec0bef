namespace MetaMessaging.Application.Connections;

/// <summary>Lists the Pages that the person can choose from after Meta's dialog.</summary>
public sealed record GetPendingConnection(long Id) : IRequest<PendingConnectionModel>;

public sealed record PendingConnectionModel(long Id, DateTimeOffset ExpiresAt, IReadOnlyList<PendingPageModel> Pages);

/// <param name="Reason">Why it cannot be selected; null when it can.</param>
public sealed record PendingPageModel(
    string PageId, string PageName, string? InstagramAccountId, string? InstagramUsername, bool Selectable, PageObstacle? Reason);

internal sealed class GetPendingConnectionHandler(PageConnector connector) : IRequestHandler<GetPendingConnection, PendingConnectionModel>
{
    public async Task<PendingConnectionModel> Handle(GetPendingConnection request, CancellationToken cancellationToken)
    {
        var pending = await connector.FindPendingAsync(request.Id, cancellationToken);
        var obstacles = await connector.FindObstaclesAsync(pending, cancellationToken);
        var pages = pending.Pages.Select(page =>
        {
            PageObstacle? obstacle = obstacles.TryGetValue(page.PageId, out var found) ? found : null;
            return new PendingPageModel(
                page.PageId, page.PageName, page.InstagramAccountId, page.InstagramUsername, obstacle is null, obstacle);
        });
        return new PendingConnectionModel(pending.Id, pending.ExpiresAt, [.. pages]);
    }
}
