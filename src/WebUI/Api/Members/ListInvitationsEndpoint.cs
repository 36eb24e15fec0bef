using MetaMessaging.Application.Members;

namespace MetaMessaging.WebUI.Api.Members;

internal sealed class ListInvitationsEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/members/invitations", HandleAsync)
        .RequireAuthorization(Policies.Admin)
        .WithTags("Members").WithSummary("Lists the open invitations, without their links")
        .WithExamples(new InvitationModel(
            8, "ada@example.com", [OrganizationRoles.Agent], ExampleValues.At, ExampleValues.At.AddDays(7)));

    private static async Task<Ok<Page<InvitationModel>>> HandleAsync(
        IMediator mediator, CancellationToken cancellationToken, int? limit = null, string? cursor = null) =>
        TypedResults.Ok(await mediator.Send(new ListInvitations(limit, cursor), cancellationToken));
}
