namespace MetaMessaging.Application.Common;

/// <summary>Downloads a file into the media store, over https, from allowed hosts at public addresses, up to a maximum size.</summary>
public interface IMediaDownloader
{
    /// <exception cref="MediaRefusedException">We do not fetch this address or file, now or later.</exception>
    Task<StoredMedia> DownloadAsync(Uri address, string type, CancellationToken cancellationToken);
}
