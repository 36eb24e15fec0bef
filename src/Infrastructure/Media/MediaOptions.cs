namespace MetaMessaging.Infrastructure.Media;

public enum MediaProvider { FileSystem, AzureBlob }

/// <summary>Meta:MediaHosts and the section Storage. The limits can be set by tests only.</summary>
internal sealed class MediaOptions
{
    public static readonly IReadOnlyList<string> MetaHosts = ["fbcdn.net", "fbsbx.com", "cdninstagram.com", "akamaihd.net"];

    public MediaProvider Provider { get; set; }

    public string StoragePath { get; set; } = "data/media";

    /// <summary>Storage:ConnectionString, of Azure Blob storage. It holds a secret, so no message repeats it.</summary>
    public string ConnectionString { get; set; } = "";

    public string Container { get; set; } = "media";

    /// <summary>Meta:MediaHosts; replaces Meta's hosts when it is set.</summary>
    public IReadOnlyList<string> Hosts { get; set; } = MetaHosts;

    public long MaxBytes { get; set; } = 100 * 1024 * 1024;

    public long MaxPictureBytes { get; set; } = 25 * 1024 * 1024;

    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(60);

    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(15);
}
