namespace MetaMessaging.Application.Common;

/// <summary>Meta's login dialog and access tokens. Calls throw <see cref="GraphException"/> when Meta refuses or does not answer.</summary>
public interface IMetaOAuth
{
    /// <summary>The address of Meta's login dialog (platform reference, OAuth → Login dialog).</summary>
    Uri DialogUrl(string appId, Uri redirectUri, string state);

    /// <summary>
    /// Exchanges the dialog's code for a long-lived user token, and asks who granted which permissions
    /// (platform reference, OAuth → Code exchange; OAuth → Long-lived token).
    /// </summary>
    Task<UserGrant> ExchangeCodeAsync(string code, Uri redirectUri, CancellationToken cancellationToken);

    /// <summary>Asks Meta whether a token is valid and until when (platform reference, OAuth → debug_token).</summary>
    Task<TokenInspection> InspectTokenAsync(string accessToken, CancellationToken cancellationToken);
}

/// <param name="MetaUserId">The app-scoped id of the person; null when Meta did not say.</param>
/// <param name="GrantedPermissions">Null when Meta did not say.</param>
public sealed record UserGrant(
    string AccessToken, DateTimeOffset? ExpiresAt, string? MetaUserId, IReadOnlyCollection<string>? GrantedPermissions);

/// <param name="ExpiresAt">Null when the token never expires.</param>
/// <param name="Problem">Why the token is not valid, as a sentence for people.</param>
public sealed record TokenInspection(bool IsValid, DateTimeOffset? ExpiresAt, DateTimeOffset? DataAccessExpiresAt, string? Problem);
