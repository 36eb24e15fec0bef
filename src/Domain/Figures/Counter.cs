namespace MetaMessaging.Domain.Figures;

public enum CounterName
{
    UnreadConversations,

    /// <summary>Those whose stored status is open; a snooze that has ended is added by whoever reads it.</summary>
    OpenConversations,
    PendingDeliveries,

    /// <summary>Pending ones that were processed before.</summary>
    ReplayedDeliveries,
    ProcessedDeliveries,
    FailedDeliveries,
    IgnoredDeliveries,

    /// <summary>1 while the organization's rollups have not been counted since they exist.</summary>
    OutdatedRollups,
}

/// <summary>A number that is kept in the transaction of each change, because counting the rows would read them all.</summary>
public sealed class Counter : IOwnedByOrganization
{
    /// <summary>Each counter of <see cref="NoOrganization"/> is the sum of so many rows.</summary>
    private const int RowsOfNoOrganization = 16;

    /// <summary>For deliveries that belong to several organizations, or to none. Each process takes one of the rows at random, so that
    /// nodes seldom wait for each other. Below 0, as which a unit of work without an organization reads.</summary>
    public static readonly long NoOrganization = -1 - Random.Shared.Next(RowsOfNoOrganization);

    public long OrganizationId { get; init; }

    public CounterName Name { get; init; }

    public long Value { get; init; }
}
