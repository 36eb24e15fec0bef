using MetaMessaging.Application.Dashboard;

namespace MetaMessaging.WebUI.Api.Dashboard;

internal sealed class GetDashboardEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/dashboard", HandleAsync)
        .RequireAuthorization(Policies.ReadConversations)
        .WithTags("Dashboard").WithSummary("Gets the number of messages per day and channel, and totals")
        .WithParameterExample("timeZone", "Europe/Berlin")
        .WithExamples(new DashboardModel(
            new DashboardTotals(120, 98, 95, 71, 1, 14, 6, 312.5),
            [new DashboardDay(new DateOnly(2026, 11, 22), Channel.FacebookMessenger, 12, 9, 9, 7, 0)]));

    private static async Task<Ok<DashboardModel>> HandleAsync(
        DateOnly? from, DateOnly? to, string? timeZone, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new GetDashboard(from, to, timeZone), cancellationToken));
}
