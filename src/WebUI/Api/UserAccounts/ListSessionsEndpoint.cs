using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.WebUI.Api.UserAccounts;

internal sealed class ListSessionsEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/me/sessions", HandleAsync)
        .RequireAuthorization(Policies.Member)
        .WithTags("Account").WithSummary("Lists the caller's sessions, those used last first")
        .WithExamples(new SessionModel(
            12, "Firefox on Windows", "203.0.113.9", ExampleValues.At.AddDays(-3), ExampleValues.At, Current: true));

    private static async Task<Ok<Page<SessionModel>>> HandleAsync(
        IMediator mediator, CancellationToken cancellationToken, int? limit = null, string? cursor = null) =>
        TypedResults.Ok(await mediator.Send(new ListSessions(limit, cursor), cancellationToken));
}
