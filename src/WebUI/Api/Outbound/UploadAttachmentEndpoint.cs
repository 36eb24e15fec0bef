using MetaMessaging.Application.Outbound;

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
        var file = await FileForm.ReadAsync(http, cancellationToken);
        var uploaded = await mediator.Send(new UploadAttachment(file?.Content, file?.FileName, file?.ContentType), cancellationToken);
        return TypedResults.Created($"/api/attachments/{uploaded.Id}/content", uploaded);
    }
}
