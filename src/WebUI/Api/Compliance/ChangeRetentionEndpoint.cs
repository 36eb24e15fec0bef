using MetaMessaging.Application.Compliance;

namespace MetaMessaging.WebUI.Api.Compliance;

internal sealed class ChangeRetentionEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/api/settings/retention", HandleAsync)
        .RequireAuthorization(Policies.Admin)
        .WithTags("Retention").WithSummary("Changes how many days each kind of data is kept")
        .WithDescription(
            "What is older is deleted at night, for good: messages with their files, reactions, notes and entries between them (the "
            + "conversation stays), files alone (their attachment gets the state `deleted`), webhook deliveries, and entries of the audit "
            + "log. `GET /api/settings/retention/preview` counts it before.")
        .WithExamples(new ChangeRetention(730, 180, 14, 365), GetRetentionEndpoint.Example);

    private static async Task<Ok<RetentionModel>> HandleAsync(
        ChangeRetention request, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(request, cancellationToken));
}
