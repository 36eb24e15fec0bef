using MetaMessaging.Application.Organizations;
using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.WebUI.Api.Organizations;

internal sealed class ListEveryConnectionEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/admin/connections", HandleAsync)
        .RequireAuthorization(Policies.SystemAdmin)
        .WithTags("Organizations").WithSummary("Lists every organization's connections and their health")
        .WithExamples(new EveryConnectionModel(
            3, new OrganizationModel(2, "Green Bowl"), "109876543210987", "Green Bowl", null, null, ConnectionState.Active,
            [Channel.FacebookMessenger], ExampleValues.At.AddDays(-30), null, ExampleValues.At, null, []));

    private static async Task<Ok<Page<EveryConnectionModel>>> HandleAsync(
        IMediator mediator, CancellationToken cancellationToken, int? limit = null, string? cursor = null) =>
        TypedResults.Ok(await mediator.Send(new ListEveryConnection(limit, cursor), cancellationToken));
}
