using System.Collections.Concurrent;
using MetaMessaging.MetaSimulator.Graph;
using MetaMessaging.MetaSimulator.Media;
using MetaMessaging.MetaSimulator.State;
using MetaMessaging.MetaSimulator.Webhooks;

namespace MetaMessaging.MetaSimulator.Sending;

/// <summary>
/// Provides the files to send: fetched from an address, uploaded, or found by attachment id (platform reference, Send API → Attachments).
/// </summary>
internal sealed class AttachmentStore(Platform platform, HttpClients http)
{
    private static readonly TimeSpan IdLifetime = TimeSpan.FromDays(90);

    private readonly ConcurrentDictionary<string, ReusableAttachment> _reusable = new(StringComparer.Ordinal);

    public string Keep(string pageId, Channel channel, string type, MediaFile file)
    {
        var reusable = new ReusableAttachment(Ids.Digits("1", 16), pageId, channel, type, file.Id, platform.Clock.Now);
        _reusable[reusable.Id] = reusable;
        return reusable.Id;
    }

    /// <summary>An id is valid for the Page, the channel and the type it was created with, for ninety days.</summary>
    public MediaFile FindReusable(string id, string pageId, Channel channel, string type)
    {
        if (!_reusable.TryGetValue(id, out var found) || found.PageId != pageId || found.Channel != channel || found.Type != type
            || platform.Clock.Now > found.CreatedAt + IdLifetime)
        {
            throw GraphErrors.Refuse(100, 2018074);
        }

        return platform.Media.Find(found.MediaId) ?? throw GraphErrors.Refuse(100, 2018074);
    }

    public async Task<MediaFile> TakeUploadAsync(Channel channel, string type, IFormFile file)
    {
        // Instagram does not take file names outside ASCII.
        if (channel is Channel.Instagram && file.FileName.Any(letter => letter > 127)) throw GraphErrors.Refuse(100, 2018047);
        if (file.Length > AttachmentRules.Limit(channel, type, byUrl: false)) throw GraphErrors.Refuse(100, 2018109);

        using var content = new MemoryStream();
        await file.CopyToAsync(content);
        return Store(channel, type, content.ToArray(), file.ContentType ?? "", Path.GetFileName(file.FileName));
    }

    public async Task<MediaFile> FetchAsync(Channel channel, string type, string address)
    {
        if (!ExternalAddress.IsAcceptable(address, out var uri)) throw GraphErrors.Refuse(100, 2018008);

        using var limit = new CancellationTokenSource(AttachmentRules.FetchTime(type));
        try
        {
            using var answer = await http.Fetch.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (!answer.IsSuccessStatusCode) throw GraphErrors.Refuse(100, 2018008);

            var content = await ReadAsync(answer.Content, AttachmentRules.Limit(channel, type, byUrl: true), limit.Token);
            return Store(channel, type, content, answer.Content.Headers.ContentType?.MediaType ?? "", FileName(answer, uri));
        }
        catch (OperationCanceledException)
        {
            throw type is "video" ? GraphErrors.Refuse(100, 2018294) : GraphErrors.Refuse(100, 2018008);
        }
        catch (HttpRequestException)
        {
            throw GraphErrors.Refuse(100, 2018008);
        }
    }

    private MediaFile Store(Channel channel, string type, byte[] content, string contentType, string fileName)
    {
        AttachmentRules.RequireMatch(channel, type, contentType, content);
        return platform.Media.Store(
            content, contentType is "" ? "application/octet-stream" : contentType, fileName, channel is Channel.Instagram);
    }

    private static async Task<byte[]> ReadAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > limit) throw GraphErrors.Refuse(100, 2018109);

        using var whole = new MemoryStream();
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            whole.Write(buffer, 0, read);
            if (whole.Length > limit) throw GraphErrors.Refuse(100, 2018109);
        }

        return whole.ToArray();
    }

    private static string FileName(HttpResponseMessage answer, Uri address)
    {
        var disposition = answer.Content.Headers.ContentDisposition;
        var named = Unquoted(disposition?.FileNameStar) ?? Unquoted(disposition?.FileName);
        return named ?? (Uri.UnescapeDataString(address.Segments[^1]).Trim('/') is { Length: > 0 } last ? last : "file");
    }

    private static string? Unquoted(string? text) => text?.Trim('"') is { Length: > 0 } name ? name : null;

    private sealed record ReusableAttachment(
        string Id, string PageId, Channel Channel, string Type, string MediaId, DateTimeOffset CreatedAt);
}
