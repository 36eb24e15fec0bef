using MetaMessaging.Domain.Connections;

namespace MetaMessaging.Domain.Inbound;

/// <summary>A reaction, edit, unsend or receipt that arrived before its message, and is processed as soon as that has arrived.</summary>
public sealed class ParkedEvent : Entity, IOwnedByOrganization
{
    private const int MaxFetchAttempts = 5;

    /// <summary>The message usually arrives by itself within this time (platform reference, Webhooks → Echo, edit, unsend).</summary>
    private static readonly TimeSpan FirstFetchDelay = TimeSpan.FromSeconds(30);

    private static readonly Backoff FetchBackoff = new(FirstDelay: TimeSpan.FromMinutes(1), Factor: 5, MaxDelay: TimeSpan.FromMinutes(125));

    private ParkedEvent() { }

    public ParkedEvent(
        PageConnection connection, Channel channel, string mid, string? customerId, string kind, string body, string fingerprint,
        DateTimeOffset at, DateTimeOffset now)
    {
        OrganizationId = connection.OrganizationId;
        ConnectionId = connection.Id;
        Channel = channel;
        Mid = mid;
        CustomerId = customerId;
        Kind = kind;
        Body = body;
        Fingerprint = fingerprint;
        At = at;
        ParkedAt = now;
        if (NeedsMessage(kind)) FetchDueAt = kind is "Echo" ? now : now + FirstFetchDelay;
        Raise(new EventParked(this));
    }

    public long OrganizationId { get; private set; }

    public long ConnectionId { get; private set; }

    public Channel Channel { get; private set; }

    /// <summary>The message it waits for.</summary>
    public string Mid { get; private set; } = "";

    public string? CustomerId { get; private set; }

    public string Kind { get; private set; } = "";

    /// <summary>The event as Meta sent it, JSON.</summary>
    public string Body { get; private set; } = "";

    /// <summary>SHA-256 of the event, so that a repeated event is stored once.</summary>
    public string Fingerprint { get; private set; } = "";

    public DateTimeOffset At { get; private set; }

    public DateTimeOffset ParkedAt { get; private set; }

    public int FetchAttempts { get; private set; }

    /// <summary>When the message is to be requested from Meta; null if it is not, or no longer.</summary>
    public DateTimeOffset? FetchDueAt { get; private set; }

    /// <summary>Since when its message is there, for a job to apply it; null while it waits for the message.</summary>
    public DateTimeOffset? ApplyDueAt { get; private set; }

    /// <summary>Five attempts, 1, 5, 25 and 125 minutes apart.</summary>
    /// <returns>False when that was the last attempt.</returns>
    public bool RetryFetch(TimeSpan? retryAfter, DateTimeOffset now)
    {
        if (++FetchAttempts >= MaxFetchAttempts)
        {
            FetchDueAt = null;
            return false;
        }

        FetchDueAt = now + (retryAfter ?? FetchBackoff.DelayAfter(FetchAttempts));
        return true;
    }

    public void StopFetching() => FetchDueAt = null;

    /// <summary>
    /// A message is not requested only because of a receipt or an unsend, which show nothing without it. An echo waits only when its author
    /// is in doubt.
    /// </summary>
    private static bool NeedsMessage(string kind) => kind is "Edit" or "Reaction" or "Echo";
}

public sealed record EventParked(ParkedEvent Event) : DomainEvent;
