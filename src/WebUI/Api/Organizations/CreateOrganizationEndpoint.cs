using MetaMessaging.Application.Organizations;
using MetaMessaging.WebUI.Api.Members;

namespace MetaMessaging.WebUI.Api.Organizations;

internal sealed class CreateOrganizationEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/admin/organizations", HandleAsync)
        .RequireAuthorization(Policies.SystemAdmin)
        .WithTags("Organizations").WithSummary("Creates an organization")
        .WithDescription(
            "With `adminEmail`, its first admin is invited: `inviteUrl` is shown only once, in this answer, and mailed too when mail is "
            + "set up.")
        .WithExamples(
            new CreateOrganization("Green Bowl", "ada@example.com"),
            new CreatedOrganization(
                2, "Green Bowl", OrganizationState.Active, Members: 0, Connections: 0, Messages30Days: 0, ExampleValues.At,
                InviteMemberEndpoint.Example, InviteMemberEndpoint.Example.InviteUrl));

    private static async Task<Created<CreatedOrganization>> HandleAsync(
        CreateOrganization request, IMediator mediator, CancellationToken cancellationToken)
    {
        var created = await mediator.Send(request, cancellationToken);
        return TypedResults.Created($"/api/admin/organizations/{created.Id}", created);
    }
}
