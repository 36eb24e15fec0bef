using MediatR;
using MetaMessaging.Application.Dashboard;
using MetaMessaging.WebUI.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MetaMessaging.WebUI.Api.Dashboard;

internal sealed class GetDashboardEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/dashboard", HandleAsync)
        .RequireAuthorization(Policies.ReadConversations)
        .WithTags("Dashboard").WithSummary("Messages a day by channel, and totals");

    private static async Task<Ok<DashboardModel>> HandleAsync(
        DateOnly? from, DateOnly? to, string? timeZone, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new GetDashboard(from, to, timeZone), cancellationToken));
}
