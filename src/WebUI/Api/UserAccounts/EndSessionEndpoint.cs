using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.WebUI.Api.UserAccounts;

internal sealed class EndSessionEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapDelete("/api/me/sessions/{id:long}", HandleAsync)
        .RequireAuthorization(Policies.Member)
        .WithTags("Account").WithSummary("Ends one of the caller's sessions, with its cookie and its tokens")
        .WithProblems("session_not_found");

    private static Task<NoContent> HandleAsync(long id, IMediator mediator, CancellationToken cancellationToken) =>
        mediator.SendForNoContentAsync(new EndSession(id), cancellationToken);
}
