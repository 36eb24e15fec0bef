namespace MetaMessaging.Application.Compliance;

/// <summary>What is held about a person who connected Pages: name and id at Meta, and tokens, in every organization.</summary>
internal sealed class MetaUserConnections(IAppDbContext db, IMetaApp metaApp, AuditLog audit, TimeProvider clock) : IScopedService
{
    private const string Removed = "The person who connected this Page has removed the app at Meta. Reconnect the Page.";

    /// <returns>The app-scoped id that a signed_request of Meta names.</returns>
    public async Task<string> ReadUserIdAsync(string? signedRequest, CancellationToken cancellationToken)
    {
        var settings = await metaApp.GetAsync(cancellationToken);
        return settings.AppSecret is { Length: > 0 } secret
            ? SignedRequest.ReadUserId(signedRequest, secret, clock.GetUtcNow())
            : throw UnavailableException.OfMissingAppSecret();
    }

    /// <param name="forget">Whether the connections forget whose they were, too.</param>
    /// <returns>How many connections there are.</returns>
    public async Task<int> RevokeAsync(string metaUserId, bool forget, CancellationToken cancellationToken)
    {
        db.PendingConnections.RemoveRange(
            await db.PendingConnections.Where(p => p.MetaUserId == metaUserId).ToListAsync(cancellationToken));
        var connections = await db.Connections.Where(c => c.MetaUserId == metaUserId).ToListAsync(cancellationToken);
        foreach (var connection in connections)
        {
            audit.RecordState(connection, () => connection.Deauthorize(Removed, clock.GetUtcNow()));
            if (forget) connection.ForgetMetaUser();
        }

        return connections.Count;
    }
}
