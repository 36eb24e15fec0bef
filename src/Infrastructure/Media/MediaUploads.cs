namespace MetaMessaging.Infrastructure.Media;

/// <summary>Copies an upload from the request into the store; nothing is kept of one that is refused or incomplete.</summary>
internal sealed class MediaUploads(MediaStore store, Thumbnails thumbnails) : IMediaUploads
{
    private const int BufferLength = 81920;

    public async Task<IUnsavedMedia> StoreAsync(
        Stream content, string? fileName, string? claimedType, long maxBytes, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferLength];
        var length = await ReadAsync(content, buffer, ContentSniffer.HeadLength, cancellationToken);
        var head = buffer.AsMemory(0, Math.Min(length, ContentSniffer.HeadLength));
        if (length == 0) throw new DomainException("file_empty", "The file is empty.");
        if (RunnableFiles.Include(head.Span, fileName))
            throw new MediaRefusedException(
                "Web pages, SVG pictures, scripts and programs are refused, because they could run code on the computer that opens them.");

        var isAudio = claimedType?.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) is true;
        var contentType = ContentSniffer.ContentTypeOf(head.Span, isAudio ? "audio" : "file");
        var draft = store.Begin();
        try
        {
            for (long total = length; length > 0; total += length)
            {
                if (total > maxBytes) throw new MediaTooLargeException($"Files of {maxBytes / (1024 * 1024)} MB at most can be sent.");
                await draft.WriteAsync(buffer.AsMemory(0, length), cancellationToken);
                length = await ReadAsync(content, buffer, 1, cancellationToken);
            }

            await draft.CompleteAsync(cancellationToken);
            return await UnsavedMedia.CreateAsync(draft, contentType, FileNames.Of(fileName, contentType), thumbnails);
        }
        catch
        {
            await draft.DisposeAsync();
            throw;
        }
    }

    private static async Task<int> ReadAsync(Stream source, byte[] buffer, int atLeast, CancellationToken cancellationToken)
    {
        try
        {
            return await source.ReadAtLeastAsync(buffer, atLeast, throwOnEndOfStream: false, cancellationToken);
        }
        catch (IOException exception) when (exception.GetType() == typeof(IOException))   // Kestrel's refusals are derived types
        {
            throw new MediaUnavailableException("The upload ended before the whole file arrived.", mayRecover: true, exception);
        }
    }
}
