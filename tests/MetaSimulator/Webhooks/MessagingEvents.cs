using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.Media;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Webhooks;

/// <summary>The bodies of messaging events, as each channel has them (platform reference, Webhooks).</summary>
internal sealed class MessagingEvents(MediaLibrary media)
{
    public WebhookEvent Message(Customer customer, Message message)
    {
        var body = new JsonObject { ["mid"] = message.Mid };
        if (message.Text is not null) body["text"] = message.Text;
        if (message.Payload is not null) body["quick_reply"] = new JsonObject { ["payload"] = message.Payload };
        if (ReplyTo(customer, message) is { } reply) body["reply_to"] = reply;
        if (Attachments(message) is { Count: > 0 } attachments) body["attachments"] = attachments;
        if (message.Referral is not null) body["referral"] = message.Referral.DeepClone();
        if (message.IsUnsupported) body["is_unsupported"] = true;
        return FromCustomer(customer, "message", "messages", message.At, ("message", body));
    }

    /// <summary>
    /// Messenger echoes carry the app and its metadata; Instagram's carry neither and come with <c>messages</c> (platform reference,
    /// Webhooks → Echo, edit, unsend).
    /// </summary>
    public WebhookEvent Echo(Customer customer, Message message)
    {
        var body = new JsonObject { ["mid"] = message.Mid, ["is_echo"] = true };
        if (customer.Channel is Channel.Messenger)
        {
            if (long.TryParse(message.AppId, out var appId)) body["app_id"] = appId;
            if (message.Metadata is not null) body["metadata"] = message.Metadata;
        }

        if (message.Text is not null) body["text"] = message.Text;
        if (ReplyTo(customer, message) is { } reply) body["reply_to"] = reply;
        if (Attachments(message) is { Count: > 0 } attachments) body["attachments"] = attachments;
        return FromBusiness(
            customer, "echo", customer.Channel is Channel.Messenger ? "message_echoes" : "messages", message.At, ("message", body));
    }

    public WebhookEvent Unsent(Customer customer, Message message, long at)
    {
        var body = new JsonObject { ["mid"] = message.Mid };
        if (!message.FromCustomer) body["is_echo"] = true;
        body["is_deleted"] = true;
        return message.FromCustomer
            ? FromCustomer(customer, "unsend", "messages", at, ("message", body))
            : FromBusiness(
                customer, "unsend", customer.Channel is Channel.Messenger ? "message_echoes" : "messages", at, ("message", body));
    }

    public WebhookEvent Edited(Customer customer, Message message, int edits, long at) =>
        FromCustomer(
            customer,
            "edit",
            EditField(customer),
            at,
            ("message_edit", new JsonObject { ["mid"] = message.Mid, ["text"] = message.Text, ["num_edit"] = edits }));

    /// <summary>
    /// The event of Webhooks → Echo, edit, unsend that accompanies or replaces a new Instagram message; the bare form has no sender.
    /// </summary>
    public WebhookEvent EditZero(Customer customer, Message message, bool bare)
    {
        if (!bare) return Edited(customer, message, 0, message.At);

        var body = new JsonObject
        {
            ["timestamp"] = message.At, ["message_edit"] = new JsonObject { ["mid"] = message.Mid, ["num_edit"] = 0 },
        };
        return Event(customer, "edit", EditField(customer), body);
    }

    public WebhookEvent Reaction(Customer customer, string mid, string? word, string? emoji, long at)
    {
        var body = new JsonObject();
        if (word is not null) body["reaction"] = word;
        if (emoji is not null) body["emoji"] = emoji;
        body["action"] = emoji is null && word is null ? "unreact" : "react";
        body["mid"] = mid;
        return FromCustomer(customer, "reaction", "message_reactions", at, ("reaction", body));
    }

    public WebhookEvent Delivered(Customer customer, IReadOnlyList<string> mids, long watermark, long at) =>
        FromCustomer(customer, "delivery", "message_deliveries", at, ("delivery", new JsonObject
        {
            ["mids"] = new JsonArray([.. mids.Select(mid => (JsonNode)mid)]),
            ["watermark"] = watermark,
        }));

    public WebhookEvent Read(Customer customer, long watermark, long at) =>
        FromCustomer(customer, "read", "message_reads", at, ("read", new JsonObject { ["watermark"] = watermark }));

    public WebhookEvent Seen(Customer customer, string mid, long at) =>
        FromCustomer(customer, "read", "messaging_seen", at, ("read", new JsonObject { ["mid"] = mid }));

    public WebhookEvent Postback(Customer customer, string? mid, string title, string payload, JsonObject? referral, long at)
    {
        var body = new JsonObject();
        if (mid is not null) body["mid"] = mid;
        body["title"] = title;

        // A postback in standby has no payload.
        if (!IsStandby(customer)) body["payload"] = payload;
        if (referral is not null) body["referral"] = referral.DeepClone();
        return FromCustomer(customer, "postback", "messaging_postbacks", at, ("postback", body));
    }

    public WebhookEvent Referral(Customer customer, JsonObject referral, long at) =>
        FromCustomer(
            customer,
            "referral",
            customer.Channel is Channel.Messenger ? "messaging_referrals" : "messaging_referral",
            at,
            ("referral", referral.DeepClone()));

    public WebhookEvent ThreadControl(Customer customer, string name, JsonObject body, long at) =>
        FromCustomer(
            customer,
            "handover",
            customer.Channel is Channel.Messenger ? "messaging_handovers" : "messaging_handover",
            at,
            (name, body)) with
        { Standby = false };

    /// <summary>Creates any other event: the caller gives its members, sender and recipient are filled in.</summary>
    public WebhookEvent Custom(Customer customer, string field, JsonObject members, long at) =>
        FromCustomer(
            customer,
            members.FirstOrDefault().Key ?? "custom",
            field,
            at,
            [.. members.Select(member => (member.Key, member.Value?.DeepClone()))]);

    /// <summary>
    /// An event of the account alone: it has no sender (platform reference, Webhooks → Reactions, postbacks, referrals, opt-ins; Webhooks →
    /// Hand-over and standby; Webhooks → Other events), and is never sent in standby.
    /// </summary>
    public WebhookEvent WithoutSender(Customer customer, string field, JsonObject members, long at)
    {
        var body = new JsonObject { ["recipient"] = new JsonObject { ["id"] = customer.AccountId }, ["timestamp"] = at };
        foreach (var (name, value) in members) body[name] = value?.DeepClone();
        return Event(customer, members.FirstOrDefault().Key ?? "custom", field, body) with { Standby = false };
    }

    public JsonArray Attachments(Message message)
    {
        var attachments = new JsonArray();
        foreach (var attachment in message.Attachments) attachments.Add(Attachment(attachment));
        return attachments;
    }

    private JsonObject Attachment(MessageAttachment attachment)
    {
        var json = new JsonObject();
        if (attachment.Title is not null) json["title"] = attachment.Title;
        if (attachment.Url is not null) json["url"] = attachment.Url;
        json["type"] = attachment.Type;

        var payload = new JsonObject();
        if (attachment.MediaId is not null) payload["url"] = media.Address(attachment.MediaId);
        foreach (var (name, value) in attachment.Payload ?? []) payload[name] = value?.DeepClone();
        if (payload.Count > 0) json["payload"] = payload;
        return json;
    }

    private static JsonObject? ReplyTo(Customer customer, Message message)
    {
        if (message.Story is { } story && message.Attachments is [])
        {
            var reference = new JsonObject { ["id"] = story.Id };
            if (story.Url is not null) reference["url"] = story.Url;
            return new JsonObject { ["story"] = reference };
        }

        if (message.ReplyToMid is not { } mid) return null;
        var reply = new JsonObject { ["mid"] = mid };
        if (customer.Channel is Channel.Messenger)
        {
            reply["is_self_reply"] = customer.Messages.FirstOrDefault(other => other.Mid == mid)?.FromCustomer == message.FromCustomer;
        }

        return reply;
    }

    private static string EditField(Customer customer) => customer.Channel is Channel.Messenger ? "message_edits" : "message_edit";

    private static bool IsStandby(Customer customer) => customer.ThreadOwnerAppId is not null;

    private static WebhookEvent FromCustomer(
        Customer customer, string kind, string field, long at, params (string Name, JsonNode? Value)[] members) =>
        Event(customer, kind, field, Body(customer.Id, customer.AccountId, at, members));

    private static WebhookEvent FromBusiness(
        Customer customer, string kind, string field, long at, params (string Name, JsonNode? Value)[] members) =>
        Event(customer, kind, field, Body(customer.AccountId, customer.Id, at, members));

    private static JsonObject Body(string sender, string recipient, long at, (string Name, JsonNode? Value)[] members)
    {
        var body = new JsonObject
        {
            ["sender"] = new JsonObject { ["id"] = sender },
            ["recipient"] = new JsonObject { ["id"] = recipient },
            ["timestamp"] = at,
        };
        foreach (var (name, value) in members) body[name] = value;
        return body;
    }

    private static WebhookEvent Event(Customer customer, string kind, string field, JsonObject body) =>
        new(customer.Channel, customer.AccountId, customer.PageId, customer.Id, kind, field, body) { Standby = IsStandby(customer) };
}
