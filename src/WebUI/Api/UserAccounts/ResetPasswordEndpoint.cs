using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.WebUI.Api.UserAccounts;

internal sealed class ResetPasswordEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/auth/reset-password", HandleAsync)
        .AllowAnonymous()   // authenticated by the token
        .WithTags("Sign-in").WithSummary("Sets a new password with the token of a link")
        .WithDescription("`token` is the last part of the link's address. It works once. All sessions and refresh tokens of the user end.")
        .WithProblems("changed_meanwhile", "reset_link_expired")
        .WithExamples(new ResetPassword("7.Q2ZESjhL…", "seven quiet rivers"));

    private static Task<NoContent> HandleAsync(ResetPassword request, IMediator mediator, CancellationToken cancellationToken) =>
        mediator.SendForNoContentAsync(request, cancellationToken);
}
