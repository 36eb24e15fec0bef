using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.WebUI.Api.UserAccounts;

internal sealed class GetMeEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/me", HandleAsync)
        .RequireAuthorization(Policies.Member)
        .WithTags("Sign-in").WithSummary("Gets the caller's user, organization and roles")
        .WithExamples(new MeModel(
            1, "agent@example.com", "Maria Lind", SystemAdmin: false, new OrganizationModel(1, "Blue Cup"),
            [OrganizationRoles.Admin, OrganizationRoles.Agent]));

    private static async Task<Ok<MeModel>> HandleAsync(IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new GetMe(), cancellationToken));
}
