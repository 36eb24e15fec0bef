namespace MetaMessaging.Application.Connections;

/// <summary>Deletes the Page's tokens and keeps its conversations, even when Meta refuses to remove the subscription.</summary>
public sealed record DisconnectPage(long ConnectionId) : IRequest;

internal sealed class DisconnectPageHandler(IAppDbContext db, AuditLog audit, PageSubscription subscription)
    : AsyncRequestHandler<DisconnectPage>
{
    protected override async Task Handle(DisconnectPage request, CancellationToken cancellationToken)
    {
        var connection = await db.Connections
            .SingleOrDefaultAsync(c => c.Id == request.ConnectionId && c.State != ConnectionState.Disconnected, cancellationToken)
            ?? throw new NotFoundException("connection_not_found");

        var token = connection.PageAccessToken;
        var state = connection.State;
        connection.Disconnect();
        audit.Record(
            AuditActions.ConnectionDisconnected, AuditTarget.Of(connection, connection.PageName),
            new AuditChange("state", state, connection.State));
        await db.SaveChangesAsync(cancellationToken);
        if (token is not null) await subscription.TryRemoveAsync(connection.PageId, token);
    }
}
