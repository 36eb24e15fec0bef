using MetaMessaging.Application.Outbound;

namespace MetaMessaging.WebUI.Api.Outbound;

internal sealed class SetTypingEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/conversations/{id:long}/typing", HandleAsync)
        .RequireAuthorization(Policies.SendMessages)
        .WithTags("Sending").WithSummary("Shows the customer a typing indicator")
        .WithDescription("Meta hides the indicator after about 20 seconds. The answer is 204 even when Meta does not show it.")
        .WithProblems("conversation_not_found")
        .WithExamples(new TypingBody(true));

    private static Task<NoContent> HandleAsync(long id, TypingBody body, IMediator mediator, CancellationToken cancellationToken) =>
        mediator.SendForNoContentAsync(new SetTyping(id, body.On), cancellationToken);

    internal sealed record TypingBody(bool On);
}
