namespace MetaMessaging.Application.Connections;

/// <summary>Connects one of the Pages found by <see cref="HandleOAuthCallback"/> and subscribes to its webhook events.</summary>
public sealed record ConnectPage(long PendingId, string? PageId) : IRequest<ConnectionModel>;

internal sealed class ConnectPageValidator : AbstractValidator<ConnectPage>
{
    public ConnectPageValidator()
    {
        RuleFor(c => c.PendingId).GreaterThan(0);
        RuleFor(c => c.PageId).NotEmpty();
    }
}

internal sealed class ConnectPageHandler(PageConnector connector) : IRequestHandler<ConnectPage, ConnectionModel>
{
    public async Task<ConnectionModel> Handle(ConnectPage request, CancellationToken cancellationToken)
    {
        var pending = await connector.FindPendingAsync(request.PendingId, cancellationToken);
        var obstacles = await connector.FindObstaclesAsync(pending, cancellationToken);
        var connection = await connector.ConnectAsync(pending, request.PageId!, obstacles, cancellationToken);
        await connector.SaveAsync(pending, [connection], cancellationToken);
        return connection.Adapt<ConnectionModel>();
    }
}
