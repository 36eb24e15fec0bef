namespace MetaMessaging.Domain.Figures;

/// <summary>How the primary keys of <see cref="MessageRollup"/> and <see cref="ResponseRollup"/> begin, in this order.</summary>
public interface IMessageSlot : IOwnedByOrganization
{
    long ConnectionId { get; }

    long AgentId { get; }

    int SlotMinutes { get; }

    int Slot { get; }
}
