using MediatR;
using MetaMessaging.Application.Connections;
using MetaMessaging.WebUI.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MetaMessaging.WebUI.Api.Connections;

internal sealed class GetIntegrationStatusEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/integrations/meta/status", HandleAsync)
        .RequireAuthorization(Policies.Admin)
        .WithTags("Integrations").WithSummary("The connected Pages and how they are");

    private static async Task<Ok<IntegrationStatus>> HandleAsync(IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new GetIntegrationStatus(), cancellationToken));
}
