using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.Customers;
using MetaMessaging.MetaSimulator.Graph;
using MetaMessaging.MetaSimulator.Profiles;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Sending;

/// <summary>The Send API (platform reference, Send API): checks and accepts a message, then emits its echo and delivery receipt.</summary>
internal static class SendEdge
{
    public static void Map(GraphRoutes routes) => routes.EdgeAsync("POST", "messages", "send", async call => await HandleAsync(call));

    private static async Task<JsonObject> HandleAsync(GraphCall call)
    {
        var (page, customer) = Recipients.Find(call);
        if (page.Restriction is { } restriction) throw GraphErrors.Refuse(restriction.Code, restriction.Subcode);
        var personaId = PersonaNodes.Require(call, customer);
        if (call.Text("sender_action") is { } action) return SenderActions.Handle(call, customer, action);

        var json = call.Object("message") ?? throw GraphErrors.MissingParameter("message");
        RequireReachable(call, customer);
        MessagingWindow.Require(call, customer);

        var parts = await MessageParts.ReadAsync(call, page, customer.Channel, json);
        RequireRate(call, customer, parts);
        var message = Accept(call, page, customer, parts, personaId);
        await EmitEchoAndReceiptAsync(call, customer, message);

        var answer = new JsonObject { ["recipient_id"] = customer.Id, ["message_id"] = message.Mid };
        if (parts.AttachmentId is not null) answer["attachment_id"] = parts.AttachmentId;
        return answer;
    }

    /// <summary>Refuses a thread that another app controls, and a person who has blocked the business.</summary>
    private static void RequireReachable(GraphCall call, Customer customer)
    {
        if (customer.Blocked) throw GraphErrors.Refuse(551, 1545041);
        if (customer.ThreadOwnerAppId is { } owner && owner != call.Platform.Settings.App.Id) throw GraphErrors.Refuse(10, 2018300);
    }

    private static void RequireRate(GraphCall call, Customer customer, MessageParts parts)
    {
        var limits = call.Platform.Settings.Limits;
        var isMedia = parts.Attachments.Any(attachment => attachment.Type is "audio" or "video");
        var allowed = isMedia
            ? call.Platform.RateLimits.TryTake(customer.AccountId, "media", limits.MediaSends)
            : call.Platform.RateLimits.TryTake(
                customer.AccountId, "send", customer.Channel is Channel.Messenger ? limits.MessengerSends : limits.InstagramSends);
        if (!allowed) throw GraphErrors.Refuse(613, customer.Channel is Channel.Instagram ? 2534040 : null);
    }

    private static Message Accept(GraphCall call, Page page, Customer customer, MessageParts parts, string? personaId)
    {
        var replyTo = call.Object("reply_to") is { } reply
            ? GraphCall.AsText(reply["mid"]) ?? throw GraphErrors.MissingParameter("reply_to[mid]")
            : null;
        if (replyTo is not null
            && (call.Platform.FindMessage(replyTo) is not { IsDeleted: false } target || target.CustomerId != customer.Id))
            throw GraphErrors.Refuse(10900);

        var platform = call.Platform;
        Message message;
        lock (customer.ThreadLock)
        {
            message = new Message
            {
                Mid = Ids.MessageId(customer.Channel, customer.AccountId),
                CustomerId = customer.Id,
                FromCustomer = false,
                At = customer.NextTime(platform.Clock.NowMs),
                Text = parts.Text,
                Attachments = parts.Attachments,
                QuickReplies = parts.QuickReplies,
                Metadata = parts.Metadata,
                ReplyToMid = replyTo,
                AppId = platform.Settings.App.Id,
                Tag = call.Text("tag"),
            };
            customer.TypingUntil = 0;
            platform.Add(customer, message);
            platform.Accepted.Add(new AcceptedMessage(
                platform.Accepted.NextNumber(), message.Mid, page.Id, customer.Channel.ToText(), customer.Id, message.At, message.Text,
                [.. message.Attachments.Select(attachment => attachment.Type)], message.Metadata, call.Text("messaging_type"),
                message.Tag, replyTo, personaId,
                [.. message.Attachments.Select(attachment => AcceptedAttachment.Of(platform, attachment))],
                [.. message.QuickReplies.Select(reply => reply.Title ?? "")]));
        }

        return message;
    }

    /// <summary>Emits the echo before or after the answer, or never; a phone that is online acknowledges the delivery.</summary>
    private static async Task EmitEchoAndReceiptAsync(GraphCall call, Customer customer, Message message)
    {
        var platform = call.Platform;
        var behaviour = platform.Settings.Behaviour;
        var actions = new CustomerActions(platform);
        if (behaviour.Echo is EchoMode.Before) await Task.WhenAny(actions.Echo(customer, message), Task.Delay(behaviour.WebhookTimeoutMs));

        platform.Webhooks.Reserve();
        call.AfterAnswer(() => _ = EmitAfterAnswerAsync());

        async Task EmitAfterAnswerAsync()
        {
            try
            {
                if (behaviour.Echo is EchoMode.After)
                {
                    if (behaviour.EchoDelayMs > 0) await Task.Delay(behaviour.EchoDelayMs);
                    _ = actions.Echo(customer, message);
                }

                if (!behaviour.DeliveryReceipts || !customer.Online) return;
                if (behaviour.DeliveryReceiptDelayMs > 0) await Task.Delay(behaviour.DeliveryReceiptDelayMs);
                _ = actions.AcknowledgeDelivery(customer, [message.Mid], message.At, null);
            }
            finally
            {
                platform.Webhooks.Unreserve();
            }
        }
    }
}
