namespace MetaMessaging.Domain.Figures;

/// <summary>The messages of a slot of time, kept as numbers, so that the dashboard does not count them (docs/adr/0026).</summary>
public sealed class MessageRollup : IMessageSlot
{
    public long OrganizationId { get; init; }

    /// <summary>0 in the rows of all connections together.</summary>
    public long ConnectionId { get; init; }

    /// <summary>0 in the rows of all messages, those that no member sent included. No row has both a connection and an agent.</summary>
    public long AgentId { get; init; }

    /// <summary>The length of the slot in minutes, one of <see cref="RollupSlots.Sizes"/>.</summary>
    public int SlotMinutes { get; init; }

    public int Slot { get; init; }

    public Channel Channel { get; init; }

    public int Inbound { get; init; }

    public int Outbound { get; init; }

    /// <summary>Read ones included.</summary>
    public int Delivered { get; init; }

    public int Read { get; init; }

    public int Failed { get; init; }
}
