namespace MetaMessaging.Domain.Inbound;

/// <summary>A request to process many deliveries again. Its progress is counted from the deliveries.</summary>
/// <param name="organizationId">Whose deliveries; null for those of all organizations, which a system administrator may replay.</param>
public sealed class DeliveryReplay(long? organizationId, string requestedBy, DateTimeOffset requestedAt) : Entity
{
    public long? OrganizationId { get; private set; } = organizationId;

    public string RequestedBy { get; private set; } = requestedBy;

    public DateTimeOffset RequestedAt { get; private set; } = requestedAt;

    public int Total { get; private set; }
}
