using MediatR;
using MetaMessaging.Application.Operations;
using MetaMessaging.WebUI.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MetaMessaging.WebUI.Api.Operations;

internal sealed class GetSendingEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/ops/sending", HandleAsync)
        .RequireAuthorization(Policies.Ops)
        .WithTags("Operations").WithSummary("What waits, what Meta refused, and what is left of each Page's allowance")
        .WithDescription("Refusals are counted from the database, over all nodes. `calls` and `usage` are what the answering node has seen.");

    private static async Task<Ok<SendingModel>> HandleAsync(IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new GetSending(), cancellationToken));
}
