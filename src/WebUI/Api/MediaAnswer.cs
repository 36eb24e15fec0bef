using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.Api;

/// <summary>
/// Serves files that customers or agents sent. Browsers show pictures, sound, video and PDF; everything else is a download. The endpoint
/// has to set the policy <see cref="Security.ContentSecurity.ReceivedFiles"/>.
/// </summary>
internal static class MediaAnswer
{
    public static FileStreamHttpResult Of(HttpContext context, MediaContent media)
    {
        var isShown = IsShown(media.ContentType);
        context.Response.Headers.CacheControl = "private, max-age=86400, immutable";
        return TypedResults.File(
            media.Content,
            isShown ? media.ContentType : "application/octet-stream",
            fileDownloadName: isShown ? null : media.FileName ?? "attachment",
            enableRangeProcessing: true);
    }

    private static bool IsShown(string contentType) =>
        contentType is "application/pdf"
        || contentType.StartsWith("audio/", StringComparison.Ordinal)
        || contentType.StartsWith("video/", StringComparison.Ordinal)
        || (contentType.StartsWith("image/", StringComparison.Ordinal) && !contentType.Contains("svg", StringComparison.Ordinal));
}
