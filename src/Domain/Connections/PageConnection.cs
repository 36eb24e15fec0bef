namespace MetaMessaging.Domain.Connections;

/// <summary>One Facebook Page, with its linked Instagram account. Disconnecting keeps the row, because conversations refer to it.</summary>
public sealed class PageConnection : Entity, IOwnedByOrganization
{
    /// <summary>Used when Meta limits us and does not say for how long.</summary>
    private static readonly TimeSpan ProfilePause = TimeSpan.FromMinutes(5);

    private static readonly Backoff SendPauseBackoff =
        new(FirstDelay: TimeSpan.FromMinutes(1), Factor: 2, MaxDelay: TimeSpan.FromHours(1), MinScale: 1, MaxScale: 1.25);

    /// <summary>How long before the end of an access admins are told.</summary>
    private static readonly TimeSpan ExpiryNotice = TimeSpan.FromDays(14);

    /// <summary>Meta does not say how long a restriction lasts, and further calls prolong it.</summary>
    private static readonly TimeSpan RestrictionPause = TimeSpan.FromHours(1);

    private PageConnection() { }

    public PageConnection(long organizationId, string pageId)
    {
        OrganizationId = organizationId;
        PageId = pageId;
    }

    public long OrganizationId { get; private set; }

    public string PageId { get; private set; } = "";

    public string PageName { get; private set; } = "";

    /// <summary>Encrypted at rest; null after disconnecting, or when it can no longer be decrypted.</summary>
    public string? PageAccessToken { get; private set; }

    public string? IgAccountId { get; private set; }

    public string? IgUsername { get; private set; }

    public ConnectionState State { get; private set; }

    /// <summary>Meta's app-scoped id of the person who granted the access (platform reference, Vocabulary → Ids).</summary>
    public string? MetaUserId { get; private set; }

    public long? ConnectedByUserId { get; private set; }

    public DateTimeOffset ConnectedAt { get; private set; }

    /// <summary>Null when the token has no expiry date.</summary>
    public DateTimeOffset? TokenExpiresAt { get; private set; }

    /// <summary>From then on Meta may hide customers' data, although the token stays valid.</summary>
    public DateTimeOffset? DataAccessExpiresAt { get; private set; }

    /// <summary>Our webhook's address when the Page was connected, for checks outside of a request.</summary>
    public string? WebhookUrl { get; private set; }

    public DateTimeOffset? LastEventAt { get; private set; }

    /// <summary>Meta's last policy decision about the Page: warning, block or unblock.</summary>
    public string? PolicyAction { get; private set; }

    public string? PolicyReason { get; private set; }

    public DateTimeOffset? PolicyAt { get; private set; }

    /// <summary>Meta limits us: until then no profiles are requested, so that the remaining calls are left for sending.</summary>
    public DateTimeOffset? ProfilesPausedUntil { get; private set; }

    /// <summary>Meta limits the whole Page: until then no node sends for it.</summary>
    public DateTimeOffset? SendsPausedUntil { get; private set; }

    /// <summary>How many times in a row Meta has limited the Page; each pause is longer than the one before.</summary>
    public int SendPauses { get; private set; }

    /// <summary>Meta has restricted the Page: until then nothing is sent through Messenger.</summary>
    public DateTimeOffset? MessengerRestrictedUntil { get; private set; }

    public DateTimeOffset? InstagramRestrictedUntil { get; private set; }

    /// <summary>What an admin should know, the worst first.</summary>
    public IReadOnlyList<ConnectionProblem> Problems { get; private set; } = [];

    public string? Problem => Problems is [var worst, ..] ? worst.Detail : null;

    public bool CanCallMeta => State is ConnectionState.Active && PageAccessToken is not null;

    public bool IsBlocked => PolicyAction is "block";

    /// <summary>Meta's policy decision as a sentence; null when nothing is wrong.</summary>
    public string? PolicyProblem => ConnectionProblemTexts.OfPolicy(PageName, PolicyAction, PolicyReason);

    public IReadOnlyList<Channel> Channels =>
        State is ConnectionState.Disconnected ? []
        : IgAccountId is null ? [Channel.FacebookMessenger]
        : [Channel.FacebookMessenger, Channel.InstagramDm];

    public void Connect(
        ConnectablePage page, string? metaUserId, long? userId, DateTimeOffset? tokenExpiresAt, DateTimeOffset now,
        DateTimeOffset? dataAccessExpiresAt = null, Uri? webhookUrl = null)
    {
        PageName = page.PageName;
        PageAccessToken = page.PageAccessToken;
        IgAccountId = page.InstagramAccountId;
        IgUsername = page.InstagramUsername;
        MetaUserId = metaUserId;
        ConnectedByUserId = userId;
        ConnectedAt = now;
        TokenExpiresAt = tokenExpiresAt;
        DataAccessExpiresAt = dataAccessExpiresAt;
        WebhookUrl = webhookUrl?.AbsoluteUri;
        State = ConnectionState.Active;
        Problems = [];
        ReportExpiry(now);
        MessengerRestrictedUntil = InstagramRestrictedUntil = null;   // an admin has looked at the restriction
    }

    public void Disconnect()
    {
        State = ConnectionState.Disconnected;
        PageAccessToken = null;
        TokenExpiresAt = DataAccessExpiresAt = null;
        Problems = [];
    }

    /// <summary>Meta no longer accepts the token: messages are still received, but not sent until an admin reconnects the Page.</summary>
    public void RequireReauthorization(string problem, DateTimeOffset now)
    {
        if (State is ConnectionState.Disconnected) return;
        State = ConnectionState.ReauthorizationRequired;
        Report(ConnectionProblemCode.Token, problem, now);
    }

    /// <summary>The person who granted the access has taken it back, so that the tokens are of no use any more.</summary>
    public void Deauthorize(string problem, DateTimeOffset now)
    {
        RequireReauthorization(problem, now);
        PageAccessToken = null;
        TokenExpiresAt = DataAccessExpiresAt = null;
    }

    public void ForgetMetaUser() => MetaUserId = null;

    /// <summary>A check found the token valid, which ends what refusals said about it.</summary>
    public void ConfirmToken(DateTimeOffset? expiresAt, DateTimeOffset? dataAccessExpiresAt, DateTimeOffset now)
    {
        if (State is ConnectionState.Disconnected || PageAccessToken is null) return;
        State = ConnectionState.Active;
        TokenExpiresAt = expiresAt;
        DataAccessExpiresAt = dataAccessExpiresAt;
        Report(ConnectionProblemCode.Token, null, now);
        Report(ConnectionProblemCode.Restriction, null, now);
        ReportExpiry(now);
    }

    /// <summary>Records what a check or a refused call found out.</summary>
    /// <param name="detail">Null when nothing of this kind is wrong, or no longer.</param>
    public void Report(ConnectionProblemCode code, string? detail, DateTimeOffset now)
    {
        var known = Problems.FirstOrDefault(p => p.Code == code);
        if (State is ConnectionState.Disconnected || known?.Detail == detail) return;
        var problems = Problems.Where(p => p.Code != code);
        if (detail is not null) problems = problems.Append(new ConnectionProblem(code, detail, known?.Since ?? now));
        Problems = [.. problems.OrderBy(p => p.Code)];
    }

    /// <summary>Tells admins two weeks ahead, so that somebody reconnects the Page in time.</summary>
    public void ReportExpiry(DateTimeOffset now)
    {
        var tokenEndsAt = TokenExpiresAt - now < ExpiryNotice ? TokenExpiresAt : null;
        var dataEndsAt = DataAccessExpiresAt - now < ExpiryNotice ? DataAccessExpiresAt : null;
        Report(ConnectionProblemCode.TokenExpiry, tokenEndsAt is { } end ? ConnectionProblemTexts.TokenEnds(end) : null, now);
        Report(ConnectionProblemCode.DataAccess, dataEndsAt is { } at ? ConnectionProblemTexts.DataAccessEnds(at, now) : null, now);
    }

    /// <summary>Records what a refused profile request says about the whole Page, not about that person alone.</summary>
    public void ApplyProfileRefusal(Refusal refusal, DateTimeOffset now)
    {
        switch (refusal.Class)
        {
            case RefusalClass.Rate when !refusal.ConcernsOneCall:
                ProfilesPausedUntil = now + (refusal.RetryAfter ?? ProfilePause);
                break;
            case RefusalClass.Token:
                RequireReauthorization(refusal.Title, now);
                break;
            case RefusalClass.Permission when refusal.Subcode is not Refusal.NoSuchObject:
                Report(ConnectionProblemCode.Permissions, refusal.Title, now);
                break;
        }
    }

    /// <summary>Stops sending after a rate limit, because further calls prolong it (platform reference, Send API → Limits).</summary>
    /// <param name="attemptedAt">When the refused call began: of several concurrent calls, only one begins the pause.</param>
    public DateTimeOffset PauseSends(TimeSpan? retryAfter, DateTimeOffset attemptedAt, DateTimeOffset now, double jitter)
    {
        var isPausedAlready = SendsPausedUntil > attemptedAt;
        if (!isPausedAlready) SendPauses++;

        var until = now + (retryAfter ?? SendPauseBackoff.DelayAfter(SendPauses, jitter));
        if (!isPausedAlready || (retryAfter is not null && until > SendsPausedUntil)) SendsPausedUntil = until;
        return SendsPausedUntil!.Value;
    }

    /// <summary>Meta accepts messages again, so the next pause begins with the shortest delay.</summary>
    public void ResumeSends()
    {
        SendsPausedUntil = null;
        SendPauses = 0;
    }

    /// <summary>Records what a refused message says about the whole Page, not about that message alone.</summary>
    public void ApplySendRefusal(Refusal refusal, Channel channel, DateTimeOffset now)
    {
        switch (refusal.Class)
        {
            case RefusalClass.Token:
                RequireReauthorization(refusal.Title, now);
                break;
            case RefusalClass.Restricted:
                if (channel is Channel.InstagramDm) InstagramRestrictedUntil = now + RestrictionPause;
                else MessengerRestrictedUntil = now + RestrictionPause;
                Report(ConnectionProblemCode.Restriction, refusal.Title, now);
                break;
            case RefusalClass.Permission when refusal.Retryable && refusal.Subcode is not Refusal.NoSuchObject:
                Report(ConnectionProblemCode.Permissions, refusal.Title, now);
                break;
        }
    }

    public void RecordEvent(DateTimeOffset at)
    {
        if (LastEventAt is null || at > LastEventAt) LastEventAt = at;
    }

    /// <summary>The events may come in any order: the latest stays, and of two at the same time the one with the greater action.</summary>
    public void RecordPolicyAction(string action, string? reason, DateTimeOffset at)
    {
        if (at < PolicyAt || (at == PolicyAt && string.CompareOrdinal(action, PolicyAction) <= 0)) return;
        PolicyAction = action;
        PolicyReason = reason;
        PolicyAt = at;
    }

    public string RateLimitedAccountId(Channel channel) => channel is Channel.InstagramDm && IgAccountId is { } account ? account : PageId;

    public string AccountId(Channel channel) =>
        channel is Channel.FacebookMessenger ? PageId : IgAccountId ?? throw ChannelNotConnected(channel);

    public DateTimeOffset? RestrictedUntil(Channel channel, DateTimeOffset now)
    {
        var until = channel is Channel.InstagramDm ? InstagramRestrictedUntil : MessengerRestrictedUntil;
        return until > now ? until : null;
    }

    public bool CanSend(Channel channel, DateTimeOffset now) =>
        CanCallMeta && Channels.Contains(channel) && !IsBlocked && RestrictedUntil(channel, now) is null;

    /// <exception cref="DomainException">channel_not_connected, connection_expired, sending_blocked</exception>
    public void EnsureCanSend(Channel channel, DateTimeOffset now)
    {
        EnsureCanCallMeta(channel);
        if (IsBlocked) throw new ConflictException("sending_blocked", PolicyProblem!);
        if (RestrictedUntil(channel, now) is { } until)
            throw new ConflictException("sending_blocked", ConnectionProblemTexts.Restricted(PageName, until));
    }

    public void EnsureCanCallMeta(Channel channel)
    {
        if (!Channels.Contains(channel)) throw ChannelNotConnected(channel);
        if (!CanCallMeta) throw new ConflictException("connection_expired", ConnectionProblemTexts.Expired(PageName));
    }

    private static ConflictException ChannelNotConnected(Channel channel) =>
        new("channel_not_connected", ConnectionProblemTexts.NotConnected(channel));
}
