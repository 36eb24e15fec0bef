namespace MetaMessaging.Application.Connections;

/// <summary>Asks Meta, daily and after each run of its dialog, whether the token is still valid, and subscribes the Page again.</summary>
public sealed record CheckConnection(long ConnectionId) : IJob;

internal sealed class CheckConnectionHandler(IAppDbContext db, IMetaOAuth metaOAuth, IMetaPages metaPages)
    : AsyncRequestHandler<CheckConnection>
{
    protected override async Task Handle(CheckConnection request, CancellationToken cancellationToken)
    {
        var connection = await db.Connections.SingleOrDefaultAsync(c => c.Id == request.ConnectionId, cancellationToken);
        if (connection is null || connection.State is ConnectionState.Disconnected || connection.PageAccessToken is not { } token) return;

        try
        {
            var inspection = await metaOAuth.InspectTokenAsync(token, cancellationToken);
            if (inspection.IsValid)
            {
                connection.ConfirmToken(inspection.ExpiresAt);
                connection.Warn(await metaPages.SubscribePageAsync(connection.PageId, token, cancellationToken));
            }
            else
            {
                connection.RequireReauthorization(inspection.Problem ?? "Meta no longer accepts the access token. Reconnect the Page.");
            }
        }
        catch (GraphException exception) when (exception.Refusal.Class is RefusalClass.Token)
        {
            connection.RequireReauthorization(exception.Refusal.Title);
        }
        catch (GraphException exception) when (exception.Refusal.Class is RefusalClass.Permission)
        {
            connection.Warn(exception.Refusal.Title);   // not the token's fault: a mistyped app secret is refused the same way
        }
        catch (GraphException)
        {
            return;   // Meta did not answer the question, so the connection keeps its state
        }

        await db.SaveChangesAsync(CancellationToken.None);
    }
}
