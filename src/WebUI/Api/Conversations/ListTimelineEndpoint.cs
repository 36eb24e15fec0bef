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
        .WithTags("Conversations").WithSummary("Lists a conversation's messages, notes and events, newest first")
        .WithDescription(
            "An entry is an event other than a message: the customer followed a link or an ad, opted in or sent an order, or the "
            + "conversation was handed over to another app. `data` contains what Meta sent about the event. A `note` is what a member "
            + "wrote to the others; the customer does not see it. Of a message and an entry with the same time, the message counts as the "
            + "older one.")
        .WithProblems("conversation_not_found")
        .WithExamples(Example);

    private static async Task<Ok<Page<TimelineItemModel>>> HandleAsync(
        long id, int? limit, string? cursor, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new ListTimeline(id, limit, cursor), cancellationToken));
}
