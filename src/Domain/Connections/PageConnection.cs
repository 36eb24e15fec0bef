using MetaMessaging.Domain.Common;

namespace MetaMessaging.Domain.Connections;

/// <summary>
/// One Facebook Page, with the Instagram account linked to it, connected to one organization.
/// Disconnecting keeps the row, because conversations and their history hang on it.
/// </summary>
public sealed class PageConnection : Entity, IOwnedByOrganization
{
    /// <summary>Where Meta limits us and does not say for how long.</summary>
    private static readonly TimeSpan ProfilePause = TimeSpan.FromMinutes(5);

    /// <summary>Meta's subcode for an id that it does not know or does not show: one person's, most of the time.</summary>
    private const int NoSuchObject = 33;

    private static readonly Backoff SendPauseBackoff =
        new(FirstDelay: TimeSpan.FromMinutes(1), Factor: 2, MaxDelay: TimeSpan.FromHours(1), MinScale: 1, MaxScale: 1.25);

    /// <summary>Meta does not say for how long it restricts; asking on and on makes it longer.</summary>
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

    /// <summary>Encrypted at rest; null when forgotten, or when its key is lost.</summary>
    public string? PageAccessToken { get; private set; }

    public string? IgAccountId { get; private set; }

    public string? IgUsername { get; private set; }

    public ConnectionState State { get; private set; }

    /// <summary>Meta's app-scoped id of the person whose grant this connection lives on (platform reference, Vocabulary → Ids).</summary>
    public string? MetaUserId { get; private set; }

    public long? ConnectedByUserId { get; private set; }

    public DateTimeOffset ConnectedAt { get; private set; }

    /// <summary>Null when the token has no expiry date.</summary>
    public DateTimeOffset? TokenExpiresAt { get; private set; }

    public DateTimeOffset? LastEventAt { get; private set; }

    /// <summary>Meta's last word on the Page's conduct: warning, block or unblock (platform reference, Webhooks → Other events).</summary>
    public string? PolicyAction { get; private set; }

    public string? PolicyReason { get; private set; }

    public DateTimeOffset? PolicyAt { get; private set; }

    /// <summary>Meta limits us: until then no profiles are asked for, so that sends have what is left.</summary>
    public DateTimeOffset? ProfilesPausedUntil { get; private set; }

    /// <summary>Meta limits the whole Page: until then nobody sends for it, on any node.</summary>
    public DateTimeOffset? SendsPausedUntil { get; private set; }

    /// <summary>How often in a row Meta has limited it; each such pause is longer than the one before.</summary>
    public int SendPauses { get; private set; }

    /// <summary>Meta has restricted the Page (platform reference, Errors → Classes): until then nothing is sent through Messenger.</summary>
    public DateTimeOffset? MessengerRestrictedUntil { get; private set; }

    /// <inheritdoc cref="MessengerRestrictedUntil"/>
    public DateTimeOffset? InstagramRestrictedUntil { get; private set; }

    /// <summary>What is wrong and what to do about it, for people.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether Meta can be asked anything. A token that can no longer be decrypted counts as none.</summary>
    public bool CanCallMeta => State is ConnectionState.Active && PageAccessToken is not null;

    public bool IsBlocked => PolicyAction == "block";

    /// <summary>What Meta's last word on the Page's conduct means, for people; null when there is nothing to mind.</summary>
    public string? PolicyProblem => PolicyAction switch
    {
        "block" => $"Meta has blocked {PageName} from sending messages{Because}",
        "warning" => $"Meta has warned {PageName}{Because}",
        _ => null,
    };

    private string Because => PolicyReason is { Length: > 0 } reason ? $": {reason}" : ".";

    public IReadOnlyList<Channel> Channels =>
        State is ConnectionState.Disconnected ? []
        : IgAccountId is null ? [Channel.FacebookMessenger]
        : [Channel.FacebookMessenger, Channel.InstagramDm];

    public void Connect(ConnectablePage page, string? metaUserId, long? userId, DateTimeOffset? tokenExpiresAt, DateTimeOffset now)
    {
        PageName = page.PageName;
        PageAccessToken = page.PageAccessToken;
        IgAccountId = page.InstagramAccountId;
        IgUsername = page.InstagramUsername;
        MetaUserId = metaUserId;
        ConnectedByUserId = userId;
        ConnectedAt = now;
        TokenExpiresAt = tokenExpiresAt;
        State = ConnectionState.Active;
        Problem = null;
        MessengerRestrictedUntil = InstagramRestrictedUntil = null;   // whoever reconnects has looked into it
    }

    public void Disconnect()
    {
        State = ConnectionState.Disconnected;
        PageAccessToken = null;
        TokenExpiresAt = null;
        Problem = null;
    }

    /// <summary>Meta no longer accepts the token. Receiving goes on, sending stops until somebody reconnects.</summary>
    public void RequireReauthorization(string problem)
    {
        if (State is ConnectionState.Disconnected) return;
        State = ConnectionState.ReauthorizationRequired;
        Problem = problem;
    }

    /// <summary>A check found the token valid: what an earlier check said is over.</summary>
    public void ConfirmToken(DateTimeOffset? expiresAt)
    {
        if (State is ConnectionState.Disconnected || PageAccessToken is null) return;
        State = ConnectionState.Active;
        TokenExpiresAt = expiresAt;
        Problem = null;
    }

    /// <summary>Something to look after that does not stop sending.</summary>
    public void Warn(string? problem)
    {
        if (State is ConnectionState.Active) Problem = problem;
    }

    /// <summary>What a refused profile says about the whole Page, and not about that person alone.</summary>
    public void ApplyProfileRefusal(Refusal refusal, DateTimeOffset now)
    {
        switch (refusal.Class)
        {
            case RefusalClass.Rate:
                ProfilesPausedUntil = now + (refusal.RetryAfter ?? ProfilePause);
                break;
            case RefusalClass.Token:
                RequireReauthorization(refusal.Title);
                break;
            case RefusalClass.Permission when refusal.Subcode is not NoSuchObject:
                Warn(Problem ?? refusal.Title);
                break;
        }
    }

    /// <summary>Meta limits us (platform reference, Send API → Limits): every message of this Page waits, for "continuing to call increases the time".</summary>
    /// <param name="attemptedAt">When the refused call began: of calls that were on their way side by side, one begins the pause.</param>
    /// <param name="jitter">0 to 1: nodes and Pages do not all come back at once.</param>
    /// <returns>When sending goes on.</returns>
    public DateTimeOffset PauseSends(TimeSpan? retryAfter, DateTimeOffset attemptedAt, DateTimeOffset now, double jitter)
    {
        var isUnderWay = SendsPausedUntil > attemptedAt;
        if (!isUnderWay) SendPauses++;

        var until = now + (retryAfter ?? SendPauseBackoff.DelayAfter(SendPauses, jitter));
        if (!isUnderWay || (retryAfter is not null && until > SendsPausedUntil)) SendsPausedUntil = until;
        return SendsPausedUntil!.Value;
    }

    /// <summary>Meta takes messages again, so the next pause is a first one.</summary>
    public void ResumeSends()
    {
        SendsPausedUntil = null;
        SendPauses = 0;
    }

    /// <summary>What a refused message says about the whole Page, and not about that message alone.</summary>
    public void ApplySendRefusal(Refusal refusal, Channel channel, DateTimeOffset now)
    {
        switch (refusal.Class)
        {
            case RefusalClass.Token:
                RequireReauthorization(refusal.Title);
                break;
            case RefusalClass.Restricted:
                if (channel is Channel.InstagramDm) InstagramRestrictedUntil = now + RestrictionPause;
                else MessengerRestrictedUntil = now + RestrictionPause;
                Warn(refusal.Title);   // worse than what may stand there
                break;
            case RefusalClass.Permission when refusal.Retryable && refusal.Subcode is not NoSuchObject:
                Warn(Problem ?? refusal.Title);
                break;
        }
    }

    public void RecordEvent(DateTimeOffset at)
    {
        if (LastEventAt is null || at > LastEventAt) LastEventAt = at;
    }

    /// <summary>Meta's word on the Page's conduct; only newer ones count, and of two at the same time always the same.</summary>
    public void RecordPolicyAction(string action, string? reason, DateTimeOffset at)
    {
        if (at < PolicyAt || (at == PolicyAt && string.CompareOrdinal(action, PolicyAction) <= 0)) return;
        PolicyAction = action;
        PolicyReason = reason;
        PolicyAt = at;
    }

    /// <summary>Whose allowance a message uses up: the Page's, or its Instagram account's.</summary>
    public string RateLimitedAccountId(Channel channel) => channel is Channel.InstagramDm && IgAccountId is { } account ? account : PageId;

    public string AccountId(Channel channel) =>
        channel is Channel.FacebookMessenger ? PageId : IgAccountId ?? throw ChannelNotConnected(channel);

    /// <returns>Until when Meta is not asked to send anything there; null when it may be.</returns>
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
            throw new ConflictException("sending_blocked", FormattableString.Invariant($"Meta has restricted {PageName} from sending. It is asked again from {until:u} on."));
    }

    /// <exception cref="DomainException">channel_not_connected, connection_expired</exception>
    public void EnsureCanCallMeta(Channel channel)
    {
        if (!Channels.Contains(channel)) throw ChannelNotConnected(channel);
        if (!CanCallMeta)
        {
            throw new ConflictException(
                "connection_expired",
                $"The connection to {PageName} has expired. An admin can reconnect it under Settings → Integrations.");
        }
    }

    private static ConflictException ChannelNotConnected(Channel channel) => new(
        "channel_not_connected",
        channel is Channel.FacebookMessenger
            ? "This Page is no longer connected. An admin can connect it under Settings → Integrations."
            : "No Instagram account is connected here. An admin can connect one under Settings → Integrations.");
}
