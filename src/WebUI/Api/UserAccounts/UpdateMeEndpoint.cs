using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.WebUI.Api.UserAccounts;

internal sealed class UpdateMeEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPatch("/api/me", HandleAsync)
        .RequireAuthorization(Policies.Member)
        .WithTags("Account").WithSummary("Changes the caller's name, time zone or language")
        .WithDescription(
            "Properties that the body does not contain stay unchanged. An empty `timeZone` or `language` stands for the organization's.")
        .WithProblems("changed_meanwhile")
        .WithExamples(new UpdateMe("Maria Lind", "Europe/Berlin", "de"), new UserProfile("Maria Lind", "Europe/Berlin", "de"));

    private static async Task<Ok<UserProfile>> HandleAsync(UpdateMe request, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(request, cancellationToken));
}
