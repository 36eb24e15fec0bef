using MetaMessaging.Domain.Common;

namespace MetaMessaging.Domain.Inbound;

/// <summary>Many deliveries processed again at once. How far it is, is counted from the deliveries themselves.</summary>
public sealed class DeliveryReplay : Entity
{
    private DeliveryReplay() { }

    /// <param name="organizationId">Whose deliveries; null for a system administrator, who reaches all.</param>
    public DeliveryReplay(long? organizationId, string requestedBy, DateTimeOffset now)
    {
        OrganizationId = organizationId;
        RequestedBy = requestedBy;
        RequestedAt = now;
    }

    public long? OrganizationId { get; private set; }

    public string RequestedBy { get; private set; } = "";

    public DateTimeOffset RequestedAt { get; private set; }

    /// <summary>How many were marked so far.</summary>
    public int Total { get; private set; }
}
