using System.Collections.Concurrent;
using MetaMessaging.MetaSimulator.Graph;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.OAuth;

/// <summary>All grants, codes and tokens of the platform, and the rules for a valid token.</summary>
internal sealed class Authorizations(Platform platform)
{
    public static readonly TimeSpan ShortLivedTokenLifetime = TimeSpan.FromSeconds(5180);
    public static readonly TimeSpan LongLivedTokenLifetime = TimeSpan.FromSeconds(5183944);

    private readonly ConcurrentDictionary<string, Grant> _grants = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, AuthorizationCode> _codes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, AccessToken> _tokens = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string UserToken, string PageId), AccessToken> _pageTokens = new();

    public IEnumerable<AccessToken> Tokens => _tokens.Values;

    public Grant? GrantOf(string? userId) => userId is not null && _grants.TryGetValue(userId, out var grant) ? grant : null;

    public void Replace(Grant grant) => _grants[grant.UserId] = grant;

    /// <summary>The person removes the app, which invalidates all of their tokens (platform reference, OAuth → Disconnecting).</summary>
    public void Revoke(string userId) => _grants.TryRemove(userId, out _);

    public AuthorizationCode IssueCode(string userId, string redirectUri)
    {
        var code = new AuthorizationCode(Ids.AuthorizationCode(), userId, redirectUri, platform.Clock.Now);
        _codes[code.Value] = code;
        return code;
    }

    public AuthorizationCode? FindCode(string value) => _codes.GetValueOrDefault(value);

    public AccessToken IssueUserToken(string userId, bool longLived)
    {
        var now = platform.Clock.Now;
        return Keep(
            new AccessToken(
                Ids.AccessToken(platform.Settings.App.Id),
                TokenKind.User,
                userId,
                null,
                longLived,
                now,
                now + (longLived ? LongLivedTokenLifetime : ShortLivedTokenLifetime)));
    }

    /// <summary>Returns the same page token for the same user token and Page.</summary>
    public AccessToken PageTokenFor(AccessToken userToken, string pageId) => _pageTokens.GetOrAdd((userToken.Value, pageId), _ =>
        Keep(new AccessToken(
            Ids.AccessToken(platform.Settings.App.Id), TokenKind.Page, userToken.UserId, pageId, userToken.LongLived,
            platform.Clock.Now, userToken.LongLived ? null : userToken.ExpiresAt)));

    /// <summary>Issues a page token without the dialog, for tests that start with a connected Page.</summary>
    public AccessToken GrantDirectly(string userId, string pageId, IReadOnlySet<string> permissions)
    {
        var pages = new HashSet<string>(GrantOf(userId)?.PageIds ?? new HashSet<string>(), StringComparer.Ordinal) { pageId };
        Replace(new Grant(userId, permissions, new HashSet<string>(), pages));
        return PageTokenFor(IssueUserToken(userId, longLived: true), pageId);
    }

    /// <summary>Finds a token that was issued here, or the app's own id and secret. It can be invalid.</summary>
    public AccessToken? Find(string value)
    {
        if (_tokens.TryGetValue(value, out var token)) return token;

        var app = platform.Settings.App;
        return value == $"{app.Id}|{app.Secret}" ? new AccessToken(value, TokenKind.App, null, null, true, platform.Clock.Now, null) : null;
    }

    /// <summary>Whether the text is a token or a code of the platform, or contains the app secret.</summary>
    public bool IsSecret(string text) =>
        _tokens.ContainsKey(text) || _codes.ContainsKey(text) || text.Contains(platform.Settings.App.Secret, StringComparison.Ordinal);

    /// <returns>Why the token can't be used; null when it can.</returns>
    public GraphError? ProblemOf(AccessToken token)
    {
        if (token.Kind is TokenKind.App) return null;
        if (token.Invalidation is { } invalidation) return GraphErrors.InvalidToken(invalidation.Subcode, platform.Settings.App.Id);
        if (token.ExpiresAt <= platform.Clock.Now) return GraphErrors.TokenExpired(token.ExpiresAt.Value, platform.Clock.Now);

        var grant = GrantOf(token.UserId);
        if (grant is null) return GraphErrors.InvalidToken(458, platform.Settings.App.Id);
        if (token.PageId is null) return null;

        // A Page that the person did not tick in the last run, or no longer manages.
        if (!grant.PageIds.Contains(token.PageId)) return GraphErrors.InvalidToken(458, platform.Settings.App.Id);
        return platform.Persons[token.UserId!].Pages.ContainsKey(token.PageId)
            ? null
            : GraphErrors.InvalidToken(492, platform.Settings.App.Id);
    }

    private AccessToken Keep(AccessToken token)
    {
        _tokens[token.Value] = token;
        return token;
    }
}
