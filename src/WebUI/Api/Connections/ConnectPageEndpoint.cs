using MetaMessaging.Application.Connections;

namespace MetaMessaging.WebUI.Api.Connections;

internal sealed class ConnectPageEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/integrations/meta/connect", HandleAsync)
        .RequireAuthorization(Policies.Admin)
        .WithTags("Integrations").WithSummary("Connects a Page of a pending connection")
        .WithProblems(
            "pending_connection_not_found", "page_not_found", "page_not_connectable", "page_already_connected",
            "changed_meanwhile", "meta_refused")
        .WithExamples(new ConnectPage(9, ExampleValues.PageId), GetIntegrationStatusEndpoint.Connection);

    private static async Task<Created<ConnectionModel>> HandleAsync(
        ConnectPage request, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Created("/api/integrations/meta/status", await mediator.Send(request, cancellationToken));
}
