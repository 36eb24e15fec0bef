namespace MetaMessaging.Application.Common;

/// <summary>How far behind the inbound pump is, and so what gives way to it.</summary>
public interface ILoadShedding
{
    LoadLevel Level { get; }
}

/// <summary>In this order: at each level what it names waits, and what the levels below name. Deliveries are stored and worked off at all of them.</summary>
public enum LoadLevel
{
    Normal,

    /// <summary>Downloads, and the thumbnails made of them.</summary>
    NoDownloads,

    /// <summary>Names and pictures of customers.</summary>
    NoEnrichment,

    /// <summary>What receipts do to messages; the conversations' watermarks advance all the same.</summary>
    NoReceipts,

    /// <summary>Messages to customers.</summary>
    NoSends,
}
