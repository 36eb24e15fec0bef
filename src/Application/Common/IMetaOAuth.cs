namespace MetaMessaging.Application.Common;

/// <summary>Meta's login dialog and access tokens. Calls throw <see cref="GraphException"/> when Meta refuses or does not answer.</summary>
public interface IMetaOAuth
{
    Uri DialogUrl(string appId, Uri redirectUri, string state);

    /// <summary>Exchanges the code for a long-lived token, with what was granted (platform reference, OAuth → Code exchange).</summary>
    Task<UserGrant> ExchangeCodeAsync(string code, Uri redirectUri, CancellationToken cancellationToken);

    /// <summary>Asks Meta whether a token is valid and until when (platform reference, OAuth → debug_token).</summary>
    Task<TokenInspection> InspectTokenAsync(string accessToken, CancellationToken cancellationToken);
}

/// <param name="MetaUserId">The app-scoped id of the person; null when Meta did not say.</param>
public sealed record UserGrant(string AccessToken, string? MetaUserId, IReadOnlyCollection<string>? GrantedPermissions);

/// <param name="ExpiresAt">Null when the token never expires.</param>
/// <param name="Problem">Why the token is not valid, as a sentence for people.</param>
public sealed record TokenInspection(bool IsValid, DateTimeOffset? ExpiresAt, DateTimeOffset? DataAccessExpiresAt, string? Problem);
