using MetaMessaging.Application.Members;

namespace MetaMessaging.WebUI.Api.Members;

internal sealed class ListMembersEndpoint : IEndpoint
{
    public static MemberModel Example => new(
        2, "Sam Okafor", "sam@example.com", [OrganizationRoles.Agent], MembershipState.Active, TwoFactor: true, ExampleValues.At);

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/members", HandleAsync)
        .RequireAuthorization(Policies.Members)
        .WithTags("Members").WithSummary("Lists the organization's members")
        .WithDescription(
            "Any member may ask. `email`, `twoFactor` and `lastSeenAt` are null for those who are not admins, and for API keys.")
        .WithExamples(Example);

    private static async Task<Ok<Page<MemberModel>>> HandleAsync(
        IMediator mediator, CancellationToken cancellationToken, int? limit = null, string? cursor = null) =>
        TypedResults.Ok(await mediator.Send(new ListMembers(limit, cursor), cancellationToken));
}
