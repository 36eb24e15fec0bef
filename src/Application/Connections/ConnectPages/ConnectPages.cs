namespace MetaMessaging.Application.Connections;

/// <summary>Connects several of the Pages found. One that cannot be connected does not prevent the others.</summary>
public sealed record ConnectPages(long PendingId, IReadOnlyList<string>? PageIds) : IRequest<ConnectedPages>;

public sealed record ConnectedPages(IReadOnlyList<ConnectionModel> Connected, IReadOnlyList<RefusedPage> Failed);

/// <param name="Code">The code that a problem about this Page alone would have.</param>
/// <param name="Detail">What happened, for people.</param>
public sealed record RefusedPage(string PageId, string Code, string Detail);

internal sealed class ConnectPagesValidator : AbstractValidator<ConnectPages>
{
    private const int MaxPages = 100;

    public ConnectPagesValidator()
    {
        RuleFor(c => c.PendingId).GreaterThan(0);
        RuleFor(c => c.PageIds).NotEmpty().Must(ids => ids is not { Count: > MaxPages }).WithMessage($"Name at most {MaxPages} Pages.");
        RuleForEach(c => c.PageIds).NotEmpty();
    }
}

internal sealed class ConnectPagesHandler(PageConnector connector) : IRequestHandler<ConnectPages, ConnectedPages>
{
    public async Task<ConnectedPages> Handle(ConnectPages request, CancellationToken cancellationToken)
    {
        var pending = await connector.FindPendingAsync(request.PendingId, cancellationToken);
        var obstacles = await connector.FindObstaclesAsync(pending, cancellationToken);
        var (connected, failed) = (new List<PageConnection>(), new List<RefusedPage>());
        foreach (var pageId in request.PageIds!.Distinct())
        {
            try
            {
                connected.Add(await connector.ConnectAsync(pending, pageId, obstacles, cancellationToken));
            }
            catch (NotFoundException exception)
            {
                failed.Add(new RefusedPage(pageId, exception.Code, "The Page was not among those found."));
            }
            catch (DomainException exception)
            {
                failed.Add(new RefusedPage(pageId, exception.Code, exception.Message));
            }
            catch (GraphException exception)
            {
                failed.Add(new RefusedPage(pageId, "meta_refused", exception.Refusal.Title));
            }
        }

        if (connected.Count > 0) await connector.SaveAsync(pending, connected, cancellationToken);   // otherwise another choice is possible
        return new ConnectedPages(connected.Adapt<List<ConnectionModel>>(), failed);
    }
}
