using System.Text.Json;
using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.Api.Conversations;

internal sealed class ListTimelineEndpoint : IEndpoint
{
    private static TimelineItemModel Example => new(
        TimelineItemType.Referral,
        9,
        ExampleValues.At.AddMinutes(-1),
        "Came from the ad “Autumn”",
        Message: null,
        MessageExamples.Referral,
        OptIn: null,
        JsonSerializer.SerializeToElement(new
        {
            source = "ADS", type = "OPEN_THREAD", ad_id = "6045246247433", ads_context_data = new { ad_title = "Autumn" },
        }));

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/conversations/{id:long}/timeline", HandleAsync)
        .RequireAuthorization(Policies.ReadConversations)
        .WithTags("Conversations").WithSummary("A conversation's messages and the entries between them, newest first")
        .WithDescription(
            "Entries are what happened besides messages: the customer followed a link or an ad, opted in, sent an order, or the "
            + "conversation was handed over. `data` holds what Meta sent about an entry. At the same time the message is the older one.")
        .WithProblems("conversation_not_found")
        .WithExamples(Example);

    private static async Task<Ok<Page<TimelineItemModel>>> HandleAsync(
        long id, int? limit, string? cursor, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new ListTimeline(id, limit, cursor), cancellationToken));
}
