using MetaMessaging.Application.Connections;

namespace MetaMessaging.WebUI.Api.Connections;

internal sealed class ResubscribePageEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/integrations/meta/connections/{id:long}/resubscribe", HandleAsync)
        .RequireAuthorization(Policies.Admin)
        .WithTags("Integrations").WithSummary("Subscribes the app to a Page's events again")
        .WithDescription(
            "What a problem with the action `resubscribe` asks for. A refusal that concerns the token or permissions is in `problems` of "
            + "the answer.")
        .WithProblems("connection_not_found", "connection_expired", "changed_meanwhile", "meta_refused")
        .WithExamples(GetIntegrationStatusEndpoint.Connection);

    private static async Task<Ok<ConnectionModel>> HandleAsync(long id, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new ResubscribePage(id), cancellationToken));
}
