using MetaMessaging.Application.Conversations;
using MetaMessaging.WebUI.Errors;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace MetaMessaging.WebUI.Api.Conversations;

internal sealed class GetTranscriptEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/conversations/{id:long}/transcript", HandleAsync)
        .RequireAuthorization(Policies.ReadConversations)
        .WithSecurityHeadersPolicy(ContentSecurity.ReceivedFiles)
        .WithTags("Conversations").WithSummary("Gets a whole conversation as a file")
        .WithDescription(
            "`html` (the default) is a page to read and print, with the entries and internal notes between the messages; `jsonl` has one "
            + "message a line, oldest first, in the shape of `GET /api/conversations/{id}/messages`. The audit log records it.")
        .WithParameterExample("format", "jsonl")
        .Produces(StatusCodes.Status200OK, contentType: "text/html", additionalContentTypes: JsonLines.ContentType)
        .WithProblems("conversation_not_found");

    private static async Task<PushStreamHttpResult> HandleAsync(
        long id, QueryEnum<TranscriptFormat>? format, HttpContext context, IMediator mediator, IOptions<JsonOptions> json,
        CancellationToken cancellationToken)
    {
        var transcript = await mediator.Send(new GetTranscript(id, IsHead: context.IsHead()), cancellationToken);
        context.Response.Headers.CacheControl = "no-store";
        return format?.Value is TranscriptFormat.Jsonl
            ? TypedResults.Stream(
                output => JsonLines.WriteAsync(transcript.Messages, output, json.Value.SerializerOptions, cancellationToken),
                JsonLines.ContentType, $"conversation-{id}.jsonl")
            : TypedResults.Stream(
                output => WritePageAsync(transcript, output, cancellationToken), TranscriptPage.ContentType, $"conversation-{id}.html");
    }

    private static async Task WritePageAsync(Transcript transcript, Stream output, CancellationToken cancellationToken)
    {
        await using var page = new TranscriptPage(output, TranscriptPage.ZoneOf(transcript.TimeZone), hasFiles: false);
        await page.BeginAsync(transcript.Conversation.Contact.Name, transcript.CreatedAt);
        await page.WriteAsync(transcript.Conversation, transcript.Items, cancellationToken);
        await page.EndAsync();
    }

    internal enum TranscriptFormat { Html, Jsonl }
}
