using MediatR;
using MetaMessaging.Application.Operations;
using MetaMessaging.WebUI.OpenApi;
using MetaMessaging.WebUI.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MetaMessaging.WebUI.Api.Operations;

internal sealed class TraceMessageEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/ops/messages/{id:long}", HandleAsync)
        .RequireAuthorization(Policies.Ops)
        .WithTags("Operations").WithSummary("Where a message came from: its delivery and event, tries, downloads and jobs")
        .WithProblems("message_not_found");

    private static async Task<Ok<MessageTrace>> HandleAsync(long id, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new TraceMessage(id), cancellationToken));
}
