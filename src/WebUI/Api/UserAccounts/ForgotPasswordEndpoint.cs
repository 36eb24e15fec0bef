using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.WebUI.Api.UserAccounts;

internal sealed class ForgotPasswordEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/auth/forgot-password", HandleAsync)
        .AllowAnonymous()
        .WithTags("Sign-in").WithSummary("Mails a link for a new password")
        .WithDescription("The answer is the same whether the address has an account or not. Nothing is mailed while mail is not set up.")
        .WithExamples(new ForgotPassword("agent@example.com"));

    private static async Task<Accepted> HandleAsync(ForgotPassword request, IMediator mediator, CancellationToken cancellationToken)
    {
        await mediator.Send(request, cancellationToken);
        return TypedResults.Accepted((string?)null);
    }
}
