namespace MetaMessaging.Application.Common;

/// <summary>
/// Which columns hold keys of the media store. Implemented beside the feature that stores the key and found by scanning: a column that
/// no implementation names loses its files to the daily sweep.
/// </summary>
internal interface IMediaReferences
{
    /// <summary>One query a column.</summary>
    IEnumerable<IQueryable<MediaReference>> Columns { get; }
}

/// <summary>Whose file it is. Implementations set every property, or EF Core cannot translate a filter by it.</summary>
internal sealed record MediaReference
{
    public string? Key { get; init; }

    public long? ContactId { get; init; }

    public long? MessageId { get; init; }
}
