namespace MetaMessaging.Application.Connections;

/// <summary>Creates the address of Meta's login dialog, with a state that only this browser can use once.</summary>
/// <param name="BrowserSecret">The secret an earlier call gave this browser; keeping it lets dialogs in two tabs both succeed.</param>
[NotAudited("Nothing is connected before ConnectPage, which is audited.")]
public sealed record GetOAuthUrl(string? BrowserSecret) : IRequest<OAuthUrl>;

/// <param name="BrowserSecret">Goes into an HttpOnly cookie, from which the callback reads it.</param>
public sealed record OAuthUrl(Uri Url, string BrowserSecret);

internal sealed class GetOAuthUrlHandler(
    IAppDbContext db,
    IMetaApp metaApp,
    IMetaOAuth metaOAuth,
    IPublicAddress address,
    ICaller caller,
    OrganizationScope scope,
    TimeProvider clock)
    : IRequestHandler<GetOAuthUrl, OAuthUrl>
{
    public async Task<OAuthUrl> Handle(GetOAuthUrl request, CancellationToken cancellationToken)
    {
        var settings = await metaApp.GetAsync(cancellationToken);
        if (!settings.IsComplete)
        {
            throw new ConflictException(
                "meta_not_configured", "The Meta app is not configured yet. A system administrator fills in Admin → System Config first.");
        }

        var state = SecretToken.Create();
        var browserSecret = request.BrowserSecret is { Length: SecretToken.Length } known ? known : SecretToken.Create();
        db.OAuthStates.Add(new OAuthState(state, browserSecret, scope.OrganizationId!.Value, caller.UserId, clock.GetUtcNow()));
        await db.SaveChangesAsync(cancellationToken);

        return new OAuthUrl(metaOAuth.DialogUrl(settings.AppId!, address.OAuthRedirect(), state), browserSecret);
    }
}
