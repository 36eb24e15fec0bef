using MetaMessaging.Application.Outbound;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace MetaMessaging.WebUI.Api.Outbound;

internal sealed class UploadAttachmentEndpoint : IEndpoint
{
    /// <summary>For the boundaries and headers that a multipart body puts around the file.</summary>
    private const long MaxFramingBytes = 64 * 1024;

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/attachments", HandleAsync)
        .RequireAuthorization(Policies.SendMessages)
        .WithMetadata(new RequestSizeLimitAttribute(MessagingLimits.MaxFileBytes + MaxFramingBytes))
        .WithTags("Sending").WithSummary("Uploads a file to send")
        .WithDescription(
            "Accepts one file of at most 25 MB in the multipart field `file`, and returns the id for `attachmentIds` of a send. "
            + "`contentType` is detected from the file's content. Web pages, SVG pictures, scripts and programs are refused with 415. "
            + "Whether the channel supports the file is checked when it is sent. Each upload can be sent once; it is deleted after a day "
            + "if it was not sent.")
        .WithExamples(new UploadedAttachment(3, "image/jpeg", 48_213, "cup.jpg"))
        .WithProblems("malformed_request", "validation_failed", "too_large", "unsupported_media_type", "file_empty", "upload_incomplete")
        .WithFileBody("file");

    private static async Task<Created<UploadedAttachment>> HandleAsync(
        HttpRequest http, IMediator mediator, CancellationToken cancellationToken)
    {
        var (file, disposition) = await FindFileAsync(http, cancellationToken);
        var uploaded = await mediator.Send(new UploadAttachment(file?.Body, FileNameOf(disposition), file?.ContentType), cancellationToken);
        return TypedResults.Created($"/api/attachments/{uploaded.Id}/content", uploaded);
    }

    private static string? FileNameOf(ContentDispositionHeaderValue? disposition)
    {
        if (disposition is null) return null;
        var name = disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName;
        return HeaderUtilities.RemoveQuotes(name).Value;
    }

    /// <summary>The body is read as a stream, so that a file goes into the store without being held in memory.</summary>
    /// <returns>Null when there is none.</returns>
    private static async Task<(MultipartSection? File, ContentDispositionHeaderValue? Disposition)> FindFileAsync(
        HttpRequest http, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(http.ContentType, out var type)) return default;
        if (!type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)) return default;
        if (HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 200 } boundary) return default;

        try
        {
            var parts = new MultipartReader(boundary, http.Body);
            while (await parts.ReadNextSectionAsync(cancellationToken) is { } part)
            {
                if (ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition)
                    && HeaderUtilities.RemoveQuotes(disposition.Name).Equals("file", StringComparison.Ordinal))
                {
                    return (part, disposition);
                }
            }
        }
        catch (Exception exception) when (exception is InvalidDataException || exception.GetType() == typeof(IOException))
        {
            throw new BadHttpRequestException("The multipart body cannot be read.", exception);
        }

        return default;
    }
}
