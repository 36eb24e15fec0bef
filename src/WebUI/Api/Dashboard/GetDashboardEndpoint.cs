using MetaMessaging.Application.Dashboard;

namespace MetaMessaging.WebUI.Api.Dashboard;

internal sealed class GetDashboardEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/dashboard", HandleAsync)
        .RequireAuthorization(Policies.ReadConversations)
        .WithTags("Dashboard").WithSummary("Gets the number of messages per day and channel, and totals")
        .WithDescription(
            "The figures of the messages of some days of a time zone. With `connectionId` only the messages of that connection are "
            + "counted, with `agentId` (a `userId` of `GET /api/members`) those that this member sent; `newContacts` and "
            + "`openConversations` (now) are always the organization's.\n\n"
            + "`medianFirstResponseSeconds` is the median time from a customer's first unanswered message to the first answer, of all "
            + "answers that did not fail, in the hours that begin in these days. It is exact where the waits around the middle are equal, "
            + "and within 9 per cent otherwise, as a rule within 3: waits are kept in classes. `isComplete` is false for a while after an "
            + "update that counts anew what is stored.")
        .WithParameterExample("timeZone", "Europe/Berlin")
        .WithExamples(new DashboardModel(
            new DashboardTotals(120, 98, 95, 71, 1, 14, 6, 312.5),
            [new DashboardDay(new DateOnly(2026, 11, 22), Channel.FacebookMessenger, 12, 9, 9, 7, 0)],
            IsComplete: true));

    private static async Task<Ok<DashboardModel>> HandleAsync(
        DateOnly? from, DateOnly? to, string? timeZone, long? connectionId, long? agentId, IMediator mediator,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new GetDashboard(from, to, timeZone, connectionId, agentId), cancellationToken));
}
