using MetaMessaging.Application.Compliance;

namespace MetaMessaging.WebUI.Api.Compliance;

internal sealed class GetRetentionEndpoint : IEndpoint
{
    public static RetentionModel Example => new(730, 180, 14, 365);

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/settings/retention", HandleAsync)
        .RequireAuthorization(Policies.Admin)
        .WithTags("Retention").WithSummary("Gets how many days each kind of data is kept")
        .WithDescription(
            "`null` keeps for ever; webhook deliveries are kept for `Webhooks:RetentionDays` of the installation then, and never for "
            + "longer than the messages.")
        .WithExamples(Example);

    private static async Task<Ok<RetentionModel>> HandleAsync(IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new GetRetention(), cancellationToken));
}
