using System.Text.Json.Serialization;
using MetaMessaging.Application.Outbound;

namespace MetaMessaging.WebUI.Api.Outbound;

internal sealed class ReactToMessageEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/messages/{id:long}/reaction", HandleAsync)
        .RequireAuthorization(Policies.SendMessages)
        .WithTags("Sending").WithSummary("Sets or removes the business's reaction to a customer's message")
        .WithDescription(
            "A new emoji replaces the previous one; `null` removes the reaction. Returns 204 once Meta has accepted it. The request can be "
            + "repeated safely.")
        .WithProblems(
            "message_not_found", "reaction_not_possible", "outside_messaging_window", "channel_not_connected",
            "connection_expired", "sending_blocked", "organization_suspended", "changed_meanwhile", "meta_refused")
        .WithExamples(new ReactionBody("❤️"));

    private static Task<NoContent> HandleAsync(long id, ReactionBody body, IMediator mediator, CancellationToken cancellationToken) =>
        mediator.SendForNoContentAsync(new ReactToMessage(id, body.Emoji), cancellationToken);

    internal sealed record ReactionBody([property: JsonRequired] string? Emoji);
}
