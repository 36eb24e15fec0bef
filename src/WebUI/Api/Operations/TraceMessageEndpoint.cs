using MetaMessaging.Application.Operations;

namespace MetaMessaging.WebUI.Api.Operations;

internal sealed class TraceMessageEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/ops/messages/{id:long}", HandleAsync)
        .RequireAuthorization(Policies.Ops)
        .WithTags("Operations").WithSummary("Traces a message: its webhook delivery and event, send attempts, downloads and jobs")
        .WithProblems("message_not_found")
        .WithExamples(Example);

    private static MessageTrace Example => new(
        76, 12, Channel.FacebookMessenger, MessageDirection.Inbound, MessageStatus.Received, MessageOrigin.Contact, ExampleValues.Mid,
        ExampleValues.PageId, "Blue Cup Coffee", ExampleValues.Psid, Metadata: null, OccurredAt: ExampleValues.At,
        StoredAt: ExampleValues.At.AddMilliseconds(38), SentAt: ExampleValues.At, DeliveredAt: null, ReadAt: null, EditedAt: null,
        DeletedAt: null, Attempts: 0, LastAttemptAt: null, NextAttemptAt: null, ClaimedUntil: null, Error: null, DeliveryId: 901,
        EventIndex: 0,
        new TracedDelivery(901, ExampleValues.At, ExampleValues.At.AddMilliseconds(38), WebhookDeliveryState.Processed, 1, 1, null),
        [
            new TracedAttachment(
                3, "image", AttachmentState.Available, "image/jpeg", 48_213, 1, null, null, "https://scontent.xx.fbcdn.net/v/cup.jpg"),
        ],
        Mentions: [],
        [new JobTrace("61", "DownloadAttachment { AttachmentId = 3 }", "Succeeded", ExampleValues.At.AddSeconds(1))]);

    private static async Task<Ok<MessageTrace>> HandleAsync(long id, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new TraceMessage(id), cancellationToken));
}
