namespace MetaMessaging.Domain.Figures;

/// <summary>How many of the contacts that exist were created in a slot of time.</summary>
public sealed class ContactRollup : IOwnedByOrganization
{
    public long OrganizationId { get; init; }

    /// <inheritdoc cref="MessageRollup.SlotMinutes"/>
    public int SlotMinutes { get; init; }

    public int Slot { get; init; }

    public int Created { get; init; }
}
