using MetaMessaging.Application.Connections;

namespace MetaMessaging.WebUI.Api.Connections;

internal sealed class GetIntegrationStatusEndpoint : IEndpoint
{
    public static ConnectionModel Connection => new(
        2, ExampleValues.PageId, "Blue Cup Coffee", ExampleValues.IgAccountId, "bluecup", ConnectionState.Active,
        [Channel.FacebookMessenger, Channel.InstagramDm], ConnectedAt: ExampleValues.At.AddDays(-30),
        TokenExpiresAt: ExampleValues.At.AddDays(8), LastEventAt: ExampleValues.At, Expiry.Detail, [Expiry]);

    private static ConnectionProblemModel Expiry => new(
        ConnectionProblemCode.TokenExpiry, ConnectionProblemSeverity.Warning,
        "Meta's access to this Page ends on 30 November 2026. Reconnect the Page before then.",
        ConnectionProblemAction.Reconnect, ExampleValues.At.AddDays(-1));

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/integrations/meta/status", HandleAsync)
        .RequireAuthorization(Policies.Admin)
        .WithTags("Integrations").WithSummary("Gets the connected Pages and their problems")
        .WithExamples(new IntegrationStatus(true, [Connection]));

    private static async Task<Ok<IntegrationStatus>> HandleAsync(IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new GetIntegrationStatus(), cancellationToken));
}
