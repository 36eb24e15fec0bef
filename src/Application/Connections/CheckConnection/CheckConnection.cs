namespace MetaMessaging.Application.Connections;

/// <summary>
/// Asks Meta whether the connection's token is still valid and the app's webhook still set up, and subscribes the Page again. Runs daily,
/// and after an OAuth attempt. A problem stays until the check finds that it is solved.
/// </summary>
public sealed record CheckConnection(long ConnectionId) : IJob;

internal sealed class CheckConnectionHandler(
    IAppDbContext db, AuditLog audit, IMetaOAuth metaOAuth, IMetaPages metaPages, IPublicAddress address, TimeProvider clock)
    : AsyncRequestHandler<CheckConnection>
{
    protected override async Task Handle(CheckConnection request, CancellationToken cancellationToken)
    {
        var connection = await db.Connections.SingleOrDefaultAsync(c => c.Id == request.ConnectionId, cancellationToken);
        if (connection is null || connection.State is ConnectionState.Disconnected || connection.PageAccessToken is not { } token) return;

        connection.ReportExpiry(clock.GetUtcNow());   // also when Meta does not answer
        await CheckTokenAsync(connection, token, cancellationToken);
        await CheckAppSubscriptionAsync(connection, cancellationToken);
        await db.SaveChangesAsync(CancellationToken.None);
    }

    private async Task CheckTokenAsync(PageConnection connection, string token, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        try
        {
            var inspection = await metaOAuth.InspectTokenAsync(token, cancellationToken);
            if (inspection.IsValid)
            {
                audit.RecordState(
                    connection, () => connection.ConfirmToken(inspection.ExpiresAt, inspection.DataAccessExpiresAt, now));
                var problem = await metaPages.SubscribePageAsync(connection.PageId, token, cancellationToken);
                connection.Report(ConnectionProblemCode.PageSubscription, problem, now);
                connection.Report(ConnectionProblemCode.Permissions, null, now);   // subscribing needs them
            }
            else
            {
                var problem = inspection.Problem ?? "Meta no longer accepts the access token. Reconnect the Page.";
                audit.RecordState(connection, () => connection.RequireReauthorization(problem, now));
            }
        }
        catch (GraphException exception) when (exception.Refusal.Class is RefusalClass.Token)
        {
            audit.RecordState(connection, () => connection.RequireReauthorization(exception.Refusal.Title, now));
        }
        catch (GraphException exception) when (exception.Refusal.Class is RefusalClass.Permission)
        {
            // Not the token's fault: a mistyped app secret is refused the same way.
            connection.Report(ConnectionProblemCode.Permissions, exception.Refusal.Title, now);
        }
        catch (GraphException)
        {
            // Meta did not answer the question, so the connection keeps its state.
        }
    }

    private async Task CheckAppSubscriptionAsync(PageConnection connection, CancellationToken cancellationToken)
    {
        var known = address.IsKnown ? address.Webhook().AbsoluteUri : connection.WebhookUrl;
        if (known is null) return;

        try
        {
            var problem = await metaPages.CheckAppSubscriptionsAsync(new Uri(known), connection.IgAccountId is not null, cancellationToken);
            connection.Report(ConnectionProblemCode.AppSubscription, problem, clock.GetUtcNow());
        }
        catch (GraphException)
        {
            // Meta did not show the subscriptions, so what an earlier check found stays.
        }
    }
}
