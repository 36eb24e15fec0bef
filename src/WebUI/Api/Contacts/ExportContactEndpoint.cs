using MetaMessaging.Application.Contacts;
using MetaMessaging.WebUI.Errors;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace MetaMessaging.WebUI.Api.Contacts;

internal sealed class ExportContactEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/contacts/{id:long}/export", HandleAsync)
        .RequireAuthorization(Policies.ReadContacts, Policies.ReadConversations)
        .WithTags("Contacts").WithSummary("Gets all that is stored about a person, as a zip")
        .WithDescription(
            "The zip has `person.json` (the contact and its conversations), `messages.jsonl` (one message a line, in the shape of "
            + "`GET /api/messages/{id}`), `timeline.jsonl` and `notes.jsonl` (what is between the messages), `transcript.html` to read and "
            + "print, and the files in `media/`. It is written while it is read, and the audit log records it. An API key needs the scopes "
            + "`contacts:read` and `conversations:read`.")
        .Produces(StatusCodes.Status200OK, contentType: "application/zip")
        .WithProblems("contact_not_found");

    private static async Task<PushStreamHttpResult> HandleAsync(
        long id, HttpContext context, IMediator mediator, IOptions<JsonOptions> json, CancellationToken cancellationToken)
    {
        var export = await mediator.Send(new ExportContact(id, IsHead: context.IsHead()), cancellationToken);
        context.Response.Headers.CacheControl = "no-store";
        // ZipArchive writes the last bytes of an entry synchronously, even when the entry is disposed asynchronously.
        context.Features.Get<IHttpBodyControlFeature>()!.AllowSynchronousIO = true;
        return TypedResults.Stream(
            output => context.IsHead()
                ? Task.CompletedTask
                : ContactArchive.WriteAsync(export, output, json.Value.SerializerOptions, cancellationToken),
            "application/zip", $"contact-{id}.zip");
    }
}
