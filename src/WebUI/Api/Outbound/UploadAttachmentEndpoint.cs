using MediatR;
using MetaMessaging.Application.Outbound;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.WebUI.OpenApi;
using MetaMessaging.WebUI.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace MetaMessaging.WebUI.Api.Outbound;

internal sealed class UploadAttachmentEndpoint : IEndpoint
{
    /// <summary>What a multipart body wraps around the file.</summary>
    private const long Framing = 64 * 1024;

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/attachments", HandleAsync)
        .RequireAuthorization(Policies.SendMessages)
        .WithMetadata(new RequestSizeLimitAttribute(MessagingLimits.MaxFileBytes + Framing))
        .WithTags("Sending").WithSummary("Uploads a file to be sent")
        .WithDescription("Takes the multipart field `file`, 25 MB at most, and answers with the id to name in `attachmentIds` of a send. What the file is, its content says; `contentType` of the answer is that. Web pages, SVG pictures, scripts and programs are refused with 415. What each channel takes is checked when the file is sent. An upload can be sent once, and is gone after a day when it never was.")
        .WithProblems("malformed_request", "validation_failed", "too_large", "unsupported_media_type", "file_empty", "upload_incomplete")
        .AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["multipart/form-data"] = new()
                    {
                        Schema = new OpenApiSchema
                        {
                            Type = JsonSchemaType.Object,
                            Required = new HashSet<string> { "file" },
                            Properties = new Dictionary<string, IOpenApiSchema> { ["file"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
                        },
                    },
                },
            };
            return Task.CompletedTask;
        });

    private static async Task<Created<UploadedAttachment>> HandleAsync(HttpRequest http, IMediator mediator, CancellationToken cancellationToken)
    {
        var (file, disposition) = await FindFileAsync(http, cancellationToken);
        var fileName = disposition is null ? null : HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value;
        var uploaded = await mediator.Send(new UploadAttachment(file?.Body, fileName, file?.ContentType), cancellationToken);
        return TypedResults.Created($"/api/attachments/{uploaded.Id}/content", uploaded);
    }

    /// <summary>Read as it comes in: the file goes from the line into the store, and is never held as a whole.</summary>
    /// <returns>Null when there is none.</returns>
    private static async Task<(MultipartSection? File, ContentDispositionHeaderValue? Disposition)> FindFileAsync(HttpRequest http, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(http.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)) return default;
        if (HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 200 } boundary) return default;

        try
        {
            var parts = new MultipartReader(boundary, http.Body);
            while (await parts.ReadNextSectionAsync(cancellationToken) is { } part)
            {
                if (ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition)
                    && HeaderUtilities.RemoveQuotes(disposition.Name).Equals("file", StringComparison.Ordinal)) return (part, disposition);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException || exception.GetType() == typeof(IOException))
        {
            throw new BadHttpRequestException("The multipart body cannot be read.", exception);
        }

        return default;
    }
}
