namespace MetaMessaging.Application.Connections;

/// <summary>Exchanges the dialog's code and stores the Pages to choose from (platform reference, OAuth → Return to redirect_uri).</summary>
/// <param name="BrowserSecret">From the cookie that <see cref="GetOAuthUrl"/> set.</param>
/// <param name="Error">Meta's error code when the person declined.</param>
/// <param name="SignedInUserId">The user now signed in in that browser; null when nobody is.</param>
[NotAudited("Nothing is connected before ConnectPage, which is audited.")]
public sealed record HandleOAuthCallback(string? State, string? Code, string? BrowserSecret, string? Error, long? SignedInUserId = null)
    : IRequest<OAuthCallbackResult>;

/// <param name="Error">The value of meta_error on the page that follows; null when Pages were found.</param>
/// <param name="PendingId">The id for <see cref="GetPendingConnection"/>.</param>
/// <param name="OnlyPageId">Set when exactly one Page was found.</param>
public sealed record OAuthCallbackResult(string? Error, long? PendingId, string? OnlyPageId)
{
    internal static OAuthCallbackResult Failed(string error) => new(error, null, null);
}

internal sealed partial class HandleOAuthCallbackHandler(
    IAppDbContext db,
    IMetaOAuth metaOAuth,
    IMetaPages metaPages,
    IPublicAddress address,
    OrganizationScope scope,
    IJobs jobs,
    TimeProvider clock,
    ILogger<HandleOAuthCallbackHandler> logger)
    : IRequestHandler<HandleOAuthCallback, OAuthCallbackResult>
{
    public async Task<OAuthCallbackResult> Handle(HandleOAuthCallback request, CancellationToken cancellationToken)
    {
        if (await ConsumeStateAsync(request, cancellationToken) is not { } state) return OAuthCallbackResult.Failed("invalid_state");
        if (request.Error is not null) return OAuthCallbackResult.Failed("access_denied");
        if (string.IsNullOrEmpty(request.Code)) return OAuthCallbackResult.Failed("exchange_failed");

        scope.Enter(state.OrganizationId);
        try
        {
            var grant = await metaOAuth.ExchangeCodeAsync(request.Code, address.OAuthRedirect(), cancellationToken);
            if (grant.GrantedPermissions is { } granted && MetaPermissions.Required.Except(granted).Any())
                return OAuthCallbackResult.Failed("missing_permissions");

            var pages = await metaPages.ListPagesAsync(grant.AccessToken, cancellationToken);
            if (grant.MetaUserId is { } metaUserId) await CheckOtherConnectionsAsync(metaUserId, pages, cancellationToken);
            if (pages.Count == 0) return OAuthCallbackResult.Failed("no_pages");

            var pending = new PendingConnection(
                state.OrganizationId, state.UserId, grant.MetaUserId, grant.AccessToken, pages, clock.GetUtcNow());
            db.PendingConnections.Add(pending);
            await db.SaveChangesAsync(cancellationToken);
            return new OAuthCallbackResult(null, pending.Id, pages.Count == 1 ? pages[0].PageId : null);
        }
        catch (GraphException exception)
        {
            LogExchangeFailed(exception.Refusal.Title, exception.Refusal.Detail, exception.Refusal.FbtraceId);
            return OAuthCallbackResult.Failed("exchange_failed");
        }
    }

    /// <summary>Deletes the state, so that of two callbacks with the same one only the first continues.</summary>
    private async Task<OAuthState?> ConsumeStateAsync(HandleOAuthCallback request, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.State) || string.IsNullOrEmpty(request.BrowserSecret)) return null;

        var stateHash = SecretToken.HashOf(request.State);
        var browserHash = SecretToken.HashOf(request.BrowserSecret);
        var state = await db.OAuthStates.AsNoTracking()
            .SingleOrDefaultAsync(s => s.StateHash == stateHash && s.BrowserHash == browserHash, cancellationToken);
        if (state is null || state.ExpiresAt <= clock.GetUtcNow()) return null;
        if (request.SignedInUserId is { } userId && userId != state.UserId) return null;
        if (await db.OAuthStates.Where(s => s.Id == state.Id).ExecuteDeleteAsync(cancellationToken) == 0) return null;

        var roles = await db.Memberships
            .Where(m => m.OrganizationId == state.OrganizationId && m.UserId == state.UserId)
            .Select(m => m.Roles)
            .SingleOrDefaultAsync(cancellationToken);
        return roles.HasFlag(OrganizationRoles.Admin) ? state : null;
    }

    /// <summary>The dialog replaces what the same person granted before, so Pages not ticked this time may have lost their token.</summary>
    private async Task CheckOtherConnectionsAsync(
        string metaUserId, IReadOnlyList<ConnectablePage> pages, CancellationToken cancellationToken)
    {
        var granted = pages.Where(p => p.PageAccessToken is not null).Select(p => p.PageId).ToList();
        // Looks across organizations; only ids leave the query.
        var connectionIds = await db.Connections.IgnoreQueryFilters()
            .Where(c => c.MetaUserId == metaUserId && c.State != ConnectionState.Disconnected && !granted.Contains(c.PageId))
            .Select(c => c.Id)
            .ToListAsync(cancellationToken);
        foreach (var id in connectionIds) jobs.Enqueue(new CheckConnection(id));
    }

    [LoggerMessage(LogLevel.Warning, "The OAuth exchange failed: {Title} {Detail} (fbtrace_id {FbtraceId})")]
    private partial void LogExchangeFailed(string title, string? detail, string? fbtraceId);
}
