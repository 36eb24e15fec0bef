using MetaMessaging.Application.Conversations;
using MetaMessaging.Application.Outbound;
using MetaMessaging.WebUI.Api.Conversations;
using Microsoft.OpenApi;

namespace MetaMessaging.WebUI.Api.Outbound;

internal sealed class SendMessageEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/messaging/send", HandleAsync)
        .RequireAuthorization(Policies.SendMessages)
        .WithTags("Sending").WithSummary("Sends a message")
        .WithDescription(
            "Answers 202 once the message is durably queued. With `Prefer: wait=10` it answers 200 as soon as the message is sent or has "
            + "failed, else 202 after that many seconds (at most 30). Under an `Idempotency-Key` the same call within 24 hours is answered "
            + "with the same messages and sends nothing.\n\n"
            + "Meta takes one thing in a message, so a send becomes several: the text, then each file of `attachmentIds`, then the "
            + "`template`. What it replies to is answered by the first, and `quickReplies` go with the text; "
            + "without a text they go with the last part, which Instagram does not take (`quick_replies_not_supported`). The parts go in "
            + "this order, and a part that fails holds back those behind it: they stay `queued` until it is sent again, and then follow, "
            + "or fail as well after an hour. Other sends of the conversation do not wait for them. A part that is sent again by itself "
            + "waits for none before it.\n\n"
            + "Files are checked against the channel (`attachment_not_supported`): Messenger takes any file of 25 MB; Instagram takes "
            + "JPEG, PNG and GIF of 8 MB, and MP4, OGG, AVI, MOV, WebM, AAC, M4A, WAV and PDF of 25 MB.")
        .WithProblems(
            "conversation_not_found", "contact_not_found", "message_not_found", "channel_not_connected",
            "connection_expired", "sending_blocked", "idempotency_key_reused", "recipient_unknown",
            "outside_messaging_window", "human_agent_required", "text_too_long", "no_content", "reply_target_unavailable",
            "attachment_not_found", "attachment_already_sent", "attachment_not_supported", "template_not_supported",
            "quick_replies_not_supported")
        .WithParameter(
            ParameterLocation.Header, "Prefer", "`wait=` and seconds (RFC 7240): waits so long for the outcome.", "wait=10",
            isRequired: false)
        .WithParameterExample("Idempotency-Key", "order-4711")
        .WithExamples(
            new SendMessage(
                12, "Yes, in three sizes.", QuickReplies: [new QuickReply("Small", "SIZE_S"), new QuickReply("Large", "SIZE_L")],
                ReplyToMessageId: 76, AttachmentIds: [3]),
            new SendMessageAnswer([MessageExamples.Queued]));

    private static async Task<Results<Ok<SendMessageAnswer>, Accepted<SendMessageAnswer>>> HandleAsync(
        SendMessage request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, HttpRequest http, IMediator mediator,
        CancellationToken cancellationToken)
    {
        var messages = await mediator.Send(request with { IdempotencyKey = idempotencyKey }, cancellationToken);
        if (PreferredWait.Of(http) is { } maxWait)
        {
            var outcome = ActivatorUtilities.CreateInstance<MessageOutcome>(http.HttpContext.RequestServices);
            messages = await outcome.WaitAsync([.. messages.Select(m => m.Id)], maxWait, cancellationToken);
            if (MessageOutcome.IsKnown(messages)) return TypedResults.Ok(new SendMessageAnswer(messages));
        }

        return TypedResults.Accepted($"/api/messages/{messages[0].Id}", new SendMessageAnswer(messages));
    }
}

internal sealed record SendMessageAnswer(IReadOnlyList<MessageModel> Messages);
