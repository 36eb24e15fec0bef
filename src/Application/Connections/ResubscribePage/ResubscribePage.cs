namespace MetaMessaging.Application.Connections;

/// <summary>Subscribes the app to the Page's events again, for an admin who does not want to wait for the daily check.</summary>
public sealed record ResubscribePage(long ConnectionId) : IRequest<ConnectionModel>;

internal sealed class ResubscribePageHandler(IAppDbContext db, AuditLog audit, IMetaPages metaPages, TimeProvider clock)
    : IRequestHandler<ResubscribePage, ConnectionModel>
{
    public async Task<ConnectionModel> Handle(ResubscribePage request, CancellationToken cancellationToken)
    {
        var connection = await db.Connections
            .SingleOrDefaultAsync(c => c.Id == request.ConnectionId && c.State != ConnectionState.Disconnected, cancellationToken)
            ?? throw new NotFoundException("connection_not_found");
        connection.EnsureCanCallMeta(Channel.FacebookMessenger);

        var now = clock.GetUtcNow();
        try
        {
            var problem = await metaPages.SubscribePageAsync(connection.PageId, connection.PageAccessToken!, cancellationToken);
            connection.Report(ConnectionProblemCode.PageSubscription, problem, now);
            connection.Report(ConnectionProblemCode.Permissions, null, now);   // subscribing needs them
        }
        catch (GraphException exception) when (exception.Refusal.Class is RefusalClass.Token)
        {
            audit.RecordState(connection, () => connection.RequireReauthorization(exception.Refusal.Title, now));
        }
        catch (GraphException exception) when (exception.Refusal.Class is RefusalClass.Permission)
        {
            connection.Report(ConnectionProblemCode.Permissions, exception.Refusal.Title, now);
        }

        audit.Record(AuditActions.ConnectionResubscribed, AuditTarget.Of(connection, connection.PageName));
        await db.SaveChangesAsync(CancellationToken.None);
        return connection.Adapt<ConnectionModel>();
    }
}
