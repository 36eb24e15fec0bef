namespace MetaMessaging.Domain.Inbound;

/// <summary>A request to process many deliveries again. Its progress is counted from the deliveries.</summary>
public sealed class DeliveryReplay : Entity
{
    private DeliveryReplay() { }

    /// <param name="organizationId">Whose deliveries; null for those of all organizations, which a system administrator may replay.</param>
    public DeliveryReplay(long? organizationId, string requestedBy, DateTimeOffset now)
    {
        OrganizationId = organizationId;
        RequestedBy = requestedBy;
        RequestedAt = now;
    }

    public long? OrganizationId { get; private set; }

    public string RequestedBy { get; private set; } = "";

    public DateTimeOffset RequestedAt { get; private set; }

    public int Total { get; private set; }
}
