using MediatR;
using MetaMessaging.Application.SystemConfiguration;
using MetaMessaging.WebUI.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MetaMessaging.WebUI.Api.SystemConfiguration;

internal sealed class GetSystemConfigEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/admin/system-config", HandleAsync)
        .RequireAuthorization(Policies.SystemAdmin)
        .WithTags("System Config").WithSummary("The Meta app of this installation");

    private static async Task<Ok<SystemConfigModel>> HandleAsync(IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new GetSystemConfig(), cancellationToken));
}
