using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.WebUI.Api.UserAccounts;

internal sealed class CreatePasswordResetEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/members/{userId:long}/password-reset", HandleAsync)
        .RequireAuthorization(Policies.Admin)
        .WithTags("Members").WithSummary("Creates a link by which a member chooses a new password")
        .WithDescription(
            "The link works once, for an hour, and is mailed too when mail is set up. For a person who is a system administrator, or also "
            + "in another organization, only a system administrator can create one.")
        .WithProblems("member_not_found", "password_reset_not_allowed")
        .WithParameterExample("userId", 7)
        .WithExamples(new PasswordResetLink("https://messages.example.com/account/reset/7.Q2ZESjhL…", ExampleValues.At.AddHours(1)));

    private static async Task<Created<PasswordResetLink>> HandleAsync(
        long userId, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Created((string?)null, await mediator.Send(new CreatePasswordReset(userId), cancellationToken));
}
