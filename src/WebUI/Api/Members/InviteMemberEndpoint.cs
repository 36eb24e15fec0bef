using MetaMessaging.Application.Members;

namespace MetaMessaging.WebUI.Api.Members;

internal sealed class InviteMemberEndpoint : IEndpoint
{
    public static InvitedMember Example => new(
        8, "ada@example.com", [OrganizationRoles.Agent], ExampleValues.At.AddDays(7), "https://messages.example.com/invitations/4Tj9…");

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/members/invitations", HandleAsync)
        .RequireAuthorization(Policies.Admin)
        .WithTags("Members").WithSummary("Invites a person to the organization")
        .WithDescription(
            "`inviteUrl` is shown only once, in this answer. It is mailed too when mail is set up, and works once, for seven days. "
            + "Inviting the same address again ends the "
            + "earlier invitation.")
        .WithProblems("already_member")
        .WithExamples(new InviteMember("ada@example.com", [OrganizationRoles.Agent]), Example);

    private static async Task<Created<InvitedMember>> HandleAsync(
        InviteMember request, IMediator mediator, CancellationToken cancellationToken)
    {
        var invited = await mediator.Send(request, cancellationToken);
        return TypedResults.Created($"/api/members/invitations/{invited.Id}", invited);
    }
}
