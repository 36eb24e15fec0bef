using MetaMessaging.Application.CannedReplies;

namespace MetaMessaging.WebUI.Api.CannedReplies;

internal sealed class CreateCannedReplyEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/canned-replies", HandleAsync)
        .RequireAuthorization(Policies.Admin)
        .WithTags("Canned replies").WithSummary("Creates a canned reply")
        .WithDescription(
            "The text may contain `{{contact.name}}`, `{{contact.firstName}}`, `{{agent.name}}` and `{{page.name}}`, each with an optional "
            + "fallback for an unknown value: `{{contact.name|friend}}`. A shortcut is unique in an organization.")
        .WithProblems("shortcut_taken", "too_many_canned_replies")
        .WithExamples(
            new CreateCannedReply("Opening hours", "hours", "Hello {{contact.firstName|there}}, we are here from 9 to 17."),
            ListCannedRepliesEndpoint.Example);

    private static async Task<Created<CannedReplyModel>> HandleAsync(
        CreateCannedReply request, IMediator mediator, CancellationToken cancellationToken)
    {
        var created = await mediator.Send(request, cancellationToken);
        return TypedResults.Created($"/api/canned-replies/{created.Id}", created);
    }
}
