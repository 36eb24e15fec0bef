using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.WebUI.Api.UserAccounts;

internal sealed class EndOtherSessionsEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapDelete("/api/me/sessions", HandleAsync)
        .RequireAuthorization(Policies.Member)
        .WithTags("Account").WithSummary("Ends all of the caller's sessions except this one");

    private static Task<NoContent> HandleAsync(IMediator mediator, CancellationToken cancellationToken) =>
        mediator.SendForNoContentAsync(new EndOtherSessions(), cancellationToken);
}
