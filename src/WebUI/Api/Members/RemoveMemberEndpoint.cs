using MetaMessaging.Application.Members;

namespace MetaMessaging.WebUI.Api.Members;

internal sealed class RemoveMemberEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapDelete("/api/members/{userId:long}", HandleAsync)
        .RequireAuthorization(Policies.Admin)
        .WithTags("Members").WithSummary("Removes a member from the organization")
        .WithDescription(
            "The member's sessions in this organization end, and their conversations become unassigned. Messages keep the member's name, "
            + "and API keys that the member made keep working.")
        .WithProblems("member_not_found", "last_admin");

    private static Task<NoContent> HandleAsync(long userId, IMediator mediator, CancellationToken cancellationToken) =>
        mediator.SendForNoContentAsync(new RemoveMember(userId), cancellationToken);
}
