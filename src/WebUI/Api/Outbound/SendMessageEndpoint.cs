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
            "Returns 202 once the message is durably queued. With `Prefer: wait=10` the answer is 200 as soon as the message is sent or "
            + "has failed, and 202 if that takes longer than the given number of seconds (at most 30). Repeating a request with the same "
            + "`Idempotency-Key` within 24 hours returns the same messages and sends nothing.\n\n"
            + "A message at Meta has either a text, one file or a template, so a send may create several messages: first the text, then "
            + "each file of `attachmentIds`, then the `template`. The first message replies to `replyToMessageId`. `quickReplies` belong "
            + "to the text, or without a text to the last message, which Instagram does not support (`quick_replies_not_supported`). The "
            + "messages are sent in this order. When one fails, the later ones stay `queued` until it is retried successfully, or fail "
            + "after an hour. Other sends of the conversation do not wait for them. A retried message does not wait for earlier ones.\n\n"
            + "Each file must be supported by the channel (`attachment_not_supported`): Messenger accepts any file up to 25 MB; Instagram "
            + "accepts JPEG, PNG and GIF up to 8 MB, and MP4, OGG, AVI, MOV, WebM, AAC, M4A, WAV and PDF up to 25 MB.")
        .WithProblems(
            "conversation_not_found", "contact_not_found", "message_not_found", "channel_not_connected",
            "connection_expired", "sending_blocked", "idempotency_key_reused", "recipient_unknown",
            "outside_messaging_window", "human_agent_required", "text_too_long", "no_content", "reply_target_unavailable",
            "attachment_not_found", "attachment_already_sent", "attachment_not_supported", "template_not_supported",
            "quick_replies_not_supported", "changed_meanwhile")
        .WithParameter(
            ParameterLocation.Header, "Prefer", "`wait=` and the maximum number of seconds to wait for the outcome (RFC 7240).", "wait=10",
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
