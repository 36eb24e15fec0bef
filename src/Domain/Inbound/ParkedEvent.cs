using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;

namespace MetaMessaging.Domain.Inbound;

/// <summary>
/// A reaction, edit, unsend or receipt that came before its message. It waits here and goes through its slice as soon as the
/// message is there.
/// </summary>
public sealed class ParkedEvent : Entity, IOwnedByOrganization
{
    private ParkedEvent() { }

    public ParkedEvent(PageConnection connection, Channel channel, string mid, string? customerId, string kind, string body, string fingerprint, DateTimeOffset at, DateTimeOffset now)
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

    /// <summary>SHA-256 of the event: parked twice is parked once.</summary>
    public string Fingerprint { get; private set; } = "";

    /// <summary>Meta's time of the event.</summary>
    public DateTimeOffset At { get; private set; }

    public DateTimeOffset ParkedAt { get; private set; }
}
