using System.Text.Json.Serialization;
using MetaMessaging.Application.Outbound;

namespace MetaMessaging.WebUI.Api.Outbound;

internal sealed class ReactToMessageEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/messages/{id:long}/reaction", HandleAsync)
        .RequireAuthorization(Policies.SendMessages)
        .WithTags("Sending").WithSummary("Puts the business's emoji on a customer's message")
        .WithDescription(
            "A new emoji takes the place of the one before, `null` takes it back. Answers 204 once Meta has it; the same again does no "
            + "harm.")
        .WithProblems(
            "message_not_found", "reaction_not_possible", "outside_messaging_window", "channel_not_connected",
            "connection_expired", "sending_blocked", "changed_meanwhile", "meta_refused")
        .WithExamples(new ReactionBody("❤️"));

    private static Task<NoContent> HandleAsync(long id, ReactionBody body, IMediator mediator, CancellationToken cancellationToken) =>
        mediator.SendForNoContentAsync(new ReactToMessage(id, body.Emoji), cancellationToken);

    internal sealed record ReactionBody([property: JsonRequired] string? Emoji);
}
