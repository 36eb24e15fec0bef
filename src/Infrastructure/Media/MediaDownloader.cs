namespace MetaMessaging.Infrastructure.Media;

/// <summary>The only HTTP client that requests addresses from webhooks and from Meta's answers.</summary>
internal sealed class MediaDownloader(
    HttpClient client, MediaHosts hosts, MediaStore store, Thumbnails thumbnails, IOptions<MediaOptions> options) : IMediaDownloader
{
    private const int MaxRedirects = 5;
    private const int BufferLength = 81920;

    public async Task<IUnsavedMedia> DownloadAsync(Uri address, string type, bool withThumbnail, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.Value.TotalTimeout);
        try
        {
            using var answer = await OpenAsync(address, timeout.Token);
            return await StoreAsync(answer, type, withThumbnail, timeout.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MediaUnavailableException("The download took too long.", mayRecover: true, exception);
        }
        catch (HttpRequestException exception)
        {
            throw exception.InnerException as MediaRefusedException
                ?? (Exception)new MediaUnavailableException("The file's server could not be reached.", mayRecover: true, exception);
        }
    }

    /// <summary>Follows redirects itself, so that every address is checked.</summary>
    private async Task<HttpResponseMessage> OpenAsync(Uri address, CancellationToken cancellationToken)
    {
        for (var redirects = 0; redirects <= MaxRedirects; redirects++)
        {
            hosts.EnsureAllowed(address);
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.StatusCode is HttpStatusCode.OK) return response;

            using (response) address = RedirectIn(response, address) ?? throw Unavailable(response.StatusCode);
        }

        throw new MediaRefusedException("The address redirects too often.");
    }

    private static Uri? RedirectIn(HttpResponseMessage response, Uri address) =>
        response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect
        && Uri.TryCreate(address, response.Headers.Location, out var next) ? next : null;

    private static MediaUnavailableException Unavailable(HttpStatusCode status)
    {
        var mayRecover = status is >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests;
        var reason = mayRecover ? "The file's server has a problem" : "The address has expired, or the file is gone";
        return new MediaUnavailableException($"{reason} (HTTP {(int)status}).", mayRecover);
    }

    private async Task<IUnsavedMedia> StoreAsync(
        HttpResponseMessage answer, string type, bool withThumbnail, CancellationToken cancellationToken)
    {
        var headers = answer.Content.Headers;
        var maxBytes = type is "image" or "sticker" ? options.Value.MaxPictureBytes : options.Value.MaxBytes;
        if (headers.ContentLength > maxBytes) throw TooLarge(maxBytes);

        var draft = store.Begin();
        try
        {
            var contentType = await CopyAsync(answer.Content, draft, type, maxBytes, cancellationToken);
            await draft.CompleteAsync(cancellationToken);
            var fileName = FileNames.Of(headers.ContentDisposition, answer.RequestMessage!.RequestUri!, type, contentType);
            return await UnsavedMedia.CreateAsync(draft, contentType, fileName, withThumbnail ? thumbnails : null);
        }
        catch
        {
            await draft.DisposeAsync();
            throw;
        }
    }

    private async Task<string> CopyAsync(
        HttpContent content, MediaDraft target, string type, long maxBytes, CancellationToken cancellationToken)
    {
        await using var source = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[BufferLength];
        var length = await ReadAsync(source, buffer, ContentSniffer.HeadLength, cancellationToken);
        if (length == 0) throw new MediaUnavailableException("The file is empty.", mayRecover: false);

        var contentType = ContentSniffer.ContentTypeOf(buffer.AsSpan(0, Math.Min(length, ContentSniffer.HeadLength)), type);
        if (contentType is ContentSniffer.Unknown && type is not "file"
            && content.Headers.ContentType?.MediaType is "text/html" or "application/xhtml+xml")
            throw new MediaRefusedException("The address leads to a page, not to a file.");

        for (long total = length; length > 0; total += length)
        {
            if (total > maxBytes) throw TooLarge(maxBytes);
            await target.WriteAsync(buffer.AsMemory(0, length), cancellationToken);
            length = await ReadAsync(source, buffer, 1, cancellationToken);
        }

        return contentType;
    }

    /// <summary>Limits the time between two reads, so that a stalled connection ends long before the total time limit.</summary>
    private async Task<int> ReadAsync(Stream source, byte[] buffer, int atLeast, CancellationToken cancellationToken)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stall.CancelAfter(options.Value.StallTimeout);
        try
        {
            return await source.ReadAtLeastAsync(buffer, atLeast, throwOnEndOfStream: false, stall.Token);
        }
        catch (IOException exception)
        {
            throw new MediaUnavailableException("The connection broke in the middle of the file.", mayRecover: true, exception);
        }
    }

    private static MediaRefusedException TooLarge(long maxBytes) => new($"The file is larger than {maxBytes / (1024 * 1024)} MB.");
}
