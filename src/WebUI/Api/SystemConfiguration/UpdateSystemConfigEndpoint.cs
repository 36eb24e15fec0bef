using MediatR;
using MetaMessaging.Application.SystemConfiguration;
using MetaMessaging.WebUI.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MetaMessaging.WebUI.Api.SystemConfiguration;

internal sealed class UpdateSystemConfigEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/api/admin/system-config", HandleAsync)
        .RequireAuthorization(Policies.SystemAdmin)
        .WithTags("System Config").WithSummary("Saves the Meta app of this installation");

    private static async Task<Ok<SystemConfigModel>> HandleAsync(UpdateSystemConfig request, IMediator mediator, CancellationToken cancellationToken)
    {
        await mediator.Send(request, cancellationToken);
        return TypedResults.Ok(await mediator.Send(new GetSystemConfig(), cancellationToken));
    }
}
