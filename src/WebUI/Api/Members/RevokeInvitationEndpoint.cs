using MetaMessaging.Application.Members;

namespace MetaMessaging.WebUI.Api.Members;

internal sealed class RevokeInvitationEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapDelete("/api/members/invitations/{id:long}", HandleAsync)
        .RequireAuthorization(Policies.Admin)
        .WithTags("Members").WithSummary("Takes an invitation back")
        .WithProblems("invitation_not_found");

    private static Task<NoContent> HandleAsync(long id, IMediator mediator, CancellationToken cancellationToken) =>
        mediator.SendForNoContentAsync(new RevokeInvitation(id), cancellationToken);
}
