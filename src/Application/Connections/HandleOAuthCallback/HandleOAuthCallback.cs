using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MetaMessaging.Application.Connections;

/// <summary>The browser comes back from Meta's dialog (platform reference, OAuth → Return to redirect_uri). Enters the organization that began the run.</summary>
/// <param name="Browser">From the cookie that <see cref="GetOAuthUrl"/> set.</param>
/// <param name="Error">Meta's word when the person declined.</param>
/// <param name="SignedInUserId">Who is signed in in that browser by now; null when nobody is.</param>
public sealed record HandleOAuthCallback(string? State, string? Code, string? Browser, string? Error, long? SignedInUserId = null) : IRequest<OAuthCallbackResult>;

/// <param name="Error">The meta_error of the page that follows; null when Pages were found.</param>
/// <param name="PendingId">What to choose from.</param>
/// <param name="OnlyPageId">Set when there is nothing to choose.</param>
public sealed record OAuthCallbackResult(string? Error, long? PendingId, string? OnlyPageId)
{
    internal static OAuthCallbackResult Failed(string error) => new(error, null, null);
}

internal sealed partial class HandleOAuthCallbackHandler(
    IAppDbContext db, IMetaOAuth metaOAuth, IMetaPages metaPages, IPublicAddress address, OrganizationScope scope, IJobs jobs, TimeProvider clock,
    ILogger<HandleOAuthCallbackHandler> logger)
    : IRequestHandler<HandleOAuthCallback, OAuthCallbackResult>
{
    public async Task<OAuthCallbackResult> Handle(HandleOAuthCallback request, CancellationToken cancellationToken)
    {
        if (await UseStateAsync(request, cancellationToken) is not { } run) return OAuthCallbackResult.Failed("invalid_state");
        if (request.Error is not null) return OAuthCallbackResult.Failed("access_denied");
        if (string.IsNullOrEmpty(request.Code)) return OAuthCallbackResult.Failed("exchange_failed");

        scope.Enter(run.OrganizationId);
        try
        {
            var grant = await metaOAuth.ExchangeCodeAsync(request.Code, address.OAuthRedirect(), cancellationToken);
            if (grant.GrantedPermissions is { } granted && MetaPermissions.Needed.Except(granted).Any())
                return OAuthCallbackResult.Failed("missing_permissions");

            var pages = await metaPages.ListPagesAsync(grant.AccessToken, cancellationToken);
            if (grant.MetaUserId is { } metaUserId) await CheckNeighboursAsync(metaUserId, pages, cancellationToken);
            if (pages.Count == 0) return OAuthCallbackResult.Failed("no_pages");

            var pending = new PendingConnection(run.OrganizationId, run.UserId, grant.MetaUserId, grant.AccessToken, pages, clock.GetUtcNow());
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

    /// <summary>Deleting is using: of two callbacks with one state, one deletes the row and goes on.</summary>
    private async Task<OAuthState?> UseStateAsync(HandleOAuthCallback request, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.State) || string.IsNullOrEmpty(request.Browser)) return null;

        var stateHash = OAuthState.Hash(request.State);
        var browserHash = OAuthState.Hash(request.Browser);
        var run = await db.OAuthStates.AsNoTracking()
            .SingleOrDefaultAsync(s => s.StateHash == stateHash && s.BrowserHash == browserHash, cancellationToken);
        if (run is null || run.ExpiresAt <= clock.GetUtcNow()) return null;
        if (request.SignedInUserId is { } userId && userId != run.UserId) return null;
        if (await db.OAuthStates.Where(s => s.Id == run.Id).ExecuteDeleteAsync(cancellationToken) == 0) return null;

        var roles = await db.Memberships
            .Where(m => m.OrganizationId == run.OrganizationId && m.UserId == run.UserId)
            .Select(m => m.Roles)
            .SingleOrDefaultAsync(cancellationToken);
        return roles.HasFlag(OrganizationRoles.Admin) ? run : null;
    }

    /// <summary>
    /// Meta's dialog replaces what the same person granted before, in whatever organization: Pages that were not ticked again may have gone
    /// silent. For those that were, Meta has just given another token; what it says of the old one would come too late.
    /// </summary>
    private async Task CheckNeighboursAsync(string metaUserId, IReadOnlyList<ConnectablePage> pages, CancellationToken cancellationToken)
    {
        var granted = pages.Where(p => p.PageAccessToken is not null).Select(p => p.PageId).ToList();
        // The same Meta user may have connected Pages for other organizations; only ids leave this query.
        var neighbours = await db.Connections.IgnoreQueryFilters()
            .Where(c => c.MetaUserId == metaUserId && c.State != ConnectionState.Disconnected && !granted.Contains(c.PageId))
            .Select(c => c.Id)
            .ToListAsync(cancellationToken);
        foreach (var id in neighbours) jobs.Enqueue(new CheckConnection(id));
    }

    [LoggerMessage(LogLevel.Warning, "The OAuth exchange failed: {Title} {Detail} (fbtrace_id {FbtraceId})")]
    private partial void LogExchangeFailed(string title, string? detail, string? fbtraceId);
}
