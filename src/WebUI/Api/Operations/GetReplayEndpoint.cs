using MetaMessaging.Application.Operations;

namespace MetaMessaging.WebUI.Api.Operations;

internal sealed class GetReplayEndpoint : IEndpoint
{
    public static ReplayModel Example => new(3, ExampleValues.At, "Maria Lind", 40, 12, 0);

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/ops/webhook-deliveries/replays/{id:long}", HandleAsync)
        .RequireAuthorization(Policies.Ops)
        .WithTags("Operations").WithSummary("Gets the progress of a replay")
        .WithProblems("replay_not_found")
        .WithExamples(Example);

    private static async Task<Ok<ReplayModel>> HandleAsync(long id, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new GetReplay(id), cancellationToken));
}
