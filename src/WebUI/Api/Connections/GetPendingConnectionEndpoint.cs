using MetaMessaging.Application.Connections;

namespace MetaMessaging.WebUI.Api.Connections;

internal sealed class GetPendingConnectionEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/integrations/meta/pending/{pendingId:long}", HandleAsync)
        .RequireAuthorization(Policies.Admin)
        .WithTags("Integrations").WithSummary("Gets the Pages to choose from after Meta's login dialog")
        .WithProblems("pending_connection_not_found")
        .WithParameterExample("pendingId", 9)
        .WithExamples(new PendingConnectionModel(
            9, ExampleValues.At.AddMinutes(10),
            [new PendingPageModel(ExampleValues.PageId, "Blue Cup Coffee", ExampleValues.IgAccountId, "bluecup", Selectable: true, null)]));

    private static async Task<Ok<PendingConnectionModel>> HandleAsync(
        long pendingId, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new GetPendingConnection(pendingId), cancellationToken));
}
