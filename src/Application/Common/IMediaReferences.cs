namespace MetaMessaging.Application.Common;

/// <summary>Columns with keys of the media store, found by scanning: the daily sweep deletes files that none of them names.</summary>
internal interface IMediaReferences { IEnumerable<IQueryable<MediaReference>> Columns { get; } }

/// <summary>Whose file it is. Implementations set every property, or EF Core cannot translate a filter by it.</summary>
internal sealed record MediaReference
{
    public string? Key { get; init; }

    public long? ContactId { get; init; }

    public long? MessageId { get; init; }
}
