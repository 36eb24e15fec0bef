namespace MetaMessaging.MetaSimulator.OAuth;

internal enum TokenKind
{
    User,
    Page,
    App,
}

/// <param name="ExpiresAt">Null: never, as page tokens that come from a long-lived user token (platform reference, OAuth → Pages and Page
/// tokens).</param>
internal sealed record AccessToken(
    string Value, TokenKind Kind, string? UserId, string? PageId, bool LongLived, DateTimeOffset IssuedAt, DateTimeOffset? ExpiresAt)
{
    private volatile TokenInvalidation? _invalidation;

    /// <summary>Set when the token was invalidated through the control API.</summary>
    public TokenInvalidation? Invalidation
    {
        get => _invalidation;
        set => _invalidation = value;
    }

    /// <summary>Data access ends 90 days after the person last used the app, whatever the token's own expiry says.</summary>
    public DateTimeOffset DataAccessExpiresAt => IssuedAt.AddDays(90);
}

internal sealed record TokenInvalidation(int? Subcode);

/// <summary>What a person allowed the app in the dialog; the next run of the dialog replaces it.</summary>
/// <param name="AllPages">"All current and future Pages": the granular scopes then name no Page.</param>
internal sealed record Grant(
    string UserId, IReadOnlySet<string> Granted, IReadOnlySet<string> Declined, IReadOnlySet<string> PageIds, bool AllPages = false)
{
    public bool Allows(string permission) => Granted.Contains(permission);
}

internal sealed record AuthorizationCode(string Value, string UserId, string RedirectUri, DateTimeOffset IssuedAt)
{
    /// <summary>The reference gives about ten minutes (platform reference, OAuth → Return to redirect_uri).</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private int _used;

    /// <returns>False when someone exchanged it before.</returns>
    public bool TryUse() => Interlocked.Exchange(ref _used, 1) is 0;

    public bool IsUsed => Volatile.Read(ref _used) is 1;
}
