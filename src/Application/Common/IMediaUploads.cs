namespace MetaMessaging.Application.Common;

/// <summary>Stores files that agents and API callers upload to send them.</summary>
public interface IMediaUploads
{
    /// <param name="claimedType">As the sender gave it; it only decides between audio and video, for containers that can hold both.</param>
    /// <exception cref="MediaRefusedException">The file could run code when its recipient opens it.</exception>
    /// <exception cref="MediaUnavailableException">The upload ended before the file was complete.</exception>
    Task<IUnsavedMedia> StoreAsync(
        Stream content, string? fileName, string? claimedType, long maxBytes, CancellationToken cancellationToken);
}
