using MetaMessaging.Application.Members;

namespace MetaMessaging.WebUI.Api.Members;

internal sealed class UpdateMemberEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPatch("/api/members/{userId:long}", HandleAsync)
        .RequireAuthorization(Policies.Admin)
        .WithTags("Members").WithSummary("Changes a member's roles, or deactivates or activates the member")
        .WithDescription(
            "Properties that the body does not contain stay unchanged. Deactivating a member ends the member's sessions in this "
            + "organization, with their refresh tokens, and removes the member as the assignee of conversations.")
        .WithProblems("member_not_found", "last_admin")
        .WithExamples(
            new MemberChanges([OrganizationRoles.Agent, OrganizationRoles.Ops], MembershipState.Active), ListMembersEndpoint.Example);

    private static async Task<Ok<MemberModel>> HandleAsync(
        long userId, MemberChanges changes, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new UpdateMember(userId, changes.Roles, changes.State), cancellationToken));

    internal sealed record MemberChanges(IReadOnlyList<OrganizationRoles>? Roles, MembershipState? State);
}
