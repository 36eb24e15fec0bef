using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.WebUI.Api.UserAccounts;

internal sealed class ChangePasswordEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/me/password", HandleAsync)
        .RequireAuthorization(Policies.Member)
        .WithTags("Account").WithSummary("Changes the caller's password")
        .WithDescription("All other sessions of the caller end.")
        .WithProblems("changed_meanwhile")
        .WithExamples(new ChangePassword("correct horse battery", "seven quiet rivers"));

    private static Task<NoContent> HandleAsync(ChangePassword request, IMediator mediator, CancellationToken cancellationToken) =>
        mediator.SendForNoContentAsync(request, cancellationToken);
}
