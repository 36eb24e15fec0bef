namespace MetaMessaging.Application.Common;

/// <summary>Downloads a file into the media store, over https, from allowed hosts at public addresses, up to a maximum size.</summary>
public interface IMediaDownloader
{
    /// <param name="withThumbnail">Of pictures.</param>
    /// <exception cref="MediaRefusedException">We do not fetch this address or file, now or later.</exception>
    Task<IUnsavedMedia> DownloadAsync(Uri address, string type, bool withThumbnail, CancellationToken cancellationToken);
}
