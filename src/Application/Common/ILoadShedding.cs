namespace MetaMessaging.Application.Common;

/// <summary>Says which work waits while the inbound worker is behind, so that it can catch up.</summary>
public interface ILoadShedding
{
    static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(20);

    LoadLevel Level { get; }
}

/// <summary>Each level adds to the work that waits at the levels before it. Deliveries are stored and processed at all levels.</summary>
public enum LoadLevel
{
    Normal,

    /// <summary>Downloads of attachments and their thumbnails wait.</summary>
    NoDownloads,

    /// <summary>Requests for customers' names and pictures wait.</summary>
    NoEnrichment,

    /// <summary>Receipts still advance the watermarks of conversations, but marking their messages waits.</summary>
    NoReceipts,

    NoSends,
}
