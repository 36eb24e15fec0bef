using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.Customers;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Control;

/// <summary>What customers do on their phones; a call can carry a time in the past.</summary>
internal static class CustomerActionEndpoints
{
    public static void Map(IEndpointRouteBuilder sim)
    {
        sim.MapPost("/customers/{id}/messages", Write);
        sim.MapPost("/customers/{id}/reactions", React);
        sim.MapPost("/customers/{id}/messages/{mid}/unsend", Unsend);
        sim.MapPost("/customers/{id}/messages/{mid}/edit", Edit);
        sim.MapPost("/customers/{id}/read", Read);
        sim.MapPost("/customers/{id}/delivered", Acknowledge);
        sim.MapPost("/customers/{id}/postbacks", TapButton);
        sim.MapPost("/customers/{id}/referrals", FollowLink);
        sim.MapPost("/customers/{id}/events", SendCustomEvent);
        sim.MapPost("/customers/{id}/events/{name}", TriggerEvent);
        sim.MapGet("/events", () => NamedEvents.Names);
        sim.MapPost("/customers/{id}/elsewhere", AnswerElsewhere);
        sim.MapPost("/customers/{id}/thread-control", ChangeThreadControl);
    }

    internal static SentModel Write(string id, MessageRequest request, Platform platform)
    {
        var customer = CustomerEndpoints.Find(platform, id);
        var attachments = (request.Attachments ?? [])
            .SelectMany(attachment => AttachmentBuilder.Build(platform, customer, attachment))
            .ToList();
        var message = new Message
        {
            Mid = request.Mid ?? Ids.MessageId(customer.Channel, customer.AccountId),
            CustomerId = customer.Id,
            FromCustomer = true,
            At = RequestTime.Parse(request.Timestamp) ?? customer.NextTime(platform.Clock.NowMs),
            Text = request.Text,
            Attachments = attachments,
            ReplyToMid = request.ReplyTo,
            Payload = request.QuickReply,
            Story = request.StoryReply is { } story ? Story(platform, story) : null,
            Referral = request.Referral,
            IsUnsupported = request.Unsupported is true,
        };
        new CustomerActions(platform).Write(customer, message, request.Bare is true);
        return new SentModel(message.Mid, message.At);
    }

    private static StoryReference Story(Platform platform, StoryReplyRequest request)
    {
        var file = Media.Samples.Media(platform, "latte.jpg", noStore: true);
        return new StoryReference(
            request.Id ?? Ids.Digits("17", 17), request.Expired is true ? null : request.Url ?? platform.Media.Address(file.Id));
    }

    internal static IResult React(string id, ReactionRequest request, Platform platform)
    {
        var customer = CustomerEndpoints.Find(platform, id);
        var message = request.Mid is { } mid
            ? FindMessage(platform, customer, mid)
            : customer.Messages.LastOrDefault(message => !message.FromCustomer);
        if (message is null) throw ControlException.NotFound("message to react to");
        new CustomerActions(platform).React(customer, message, request.Emoji, request.Reaction, RequestTime.Parse(request.Timestamp));
        return Results.NoContent();
    }

    internal static IResult Unsend(string id, string mid, UnsendRequest? request, Platform platform)
    {
        var customer = CustomerEndpoints.Find(platform, id);
        new CustomerActions(platform).Unsend(customer, FindMessage(platform, customer, mid), RequestTime.Parse(request?.Timestamp));
        return Results.NoContent();
    }

    internal static IResult Edit(string id, string mid, EditRequest request, Platform platform)
    {
        var customer = CustomerEndpoints.Find(platform, id);
        new CustomerActions(platform).Edit(
            customer, FindMessage(platform, customer, mid), request.Text, request.NumEdit, RequestTime.Parse(request.Timestamp));
        return Results.NoContent();
    }

    internal static IResult Read(string id, ReceiptRequest? request, Platform platform)
    {
        var customer = CustomerEndpoints.Find(platform, id);
        var upTo = request?.Mid is { } mid ? FindMessage(platform, customer, mid) : null;
        new CustomerActions(platform).Read(customer, upTo, request?.Watermark, RequestTime.Parse(request?.Timestamp));
        return Results.NoContent();
    }

    internal static IResult Acknowledge(string id, ReceiptRequest? request, Platform platform)
    {
        var customer = CustomerEndpoints.Find(platform, id);
        var last = customer.Messages.LastOrDefault(message => !message.FromCustomer);
        var watermark = request?.Watermark ?? (request?.Mid is { } mid ? FindMessage(platform, customer, mid).At : last?.At)
            ?? platform.Clock.NowMs;
        var mids = customer.Messages
            .Where(message => !message.FromCustomer && message.At <= watermark && message.At > customer.DeliveredUpTo)
            .Select(message => message.Mid)
            .ToList();
        new CustomerActions(platform).AcknowledgeDelivery(customer, mids, watermark, RequestTime.Parse(request?.Timestamp));
        return Results.NoContent();
    }

    internal static object TapButton(string id, PostbackRequest request, Platform platform)
    {
        var customer = CustomerEndpoints.Find(platform, id);
        var (mid, _) = new CustomerActions(platform).TapButton(
            customer,
            request.Title,
            request.Payload,
            request.WithoutMid is not true,
            request.Referral,
            RequestTime.Parse(request.Timestamp));
        return new { mid };
    }

    private static IResult FollowLink(string id, ReferralRequest request, Platform platform)
    {
        var customer = CustomerEndpoints.Find(platform, id);
        var username = platform.Pages[customer.PageId].Instagram?.Username;
        var source = request.Source ?? (customer.Channel is Channel.Messenger ? "SHORTLINK" : $"https://ig.me/m/{username}");
        var referral = request.Referral
            ?? new JsonObject { ["ref"] = request.Ref ?? "website", ["source"] = source, ["type"] = "OPEN_THREAD" };
        new CustomerActions(platform).FollowLink(customer, referral, RequestTime.Parse(request.Timestamp));
        return Results.NoContent();
    }

    private static IResult SendCustomEvent(string id, CustomEventRequest request, Platform platform)
    {
        new CustomerActions(platform).SendCustomEvent(
            CustomerEndpoints.Find(platform, id), request.Field, request.Event, RequestTime.Parse(request.Timestamp));
        return Results.NoContent();
    }

    private static IResult TriggerEvent(string id, string name, NamedEventRequest? request, Platform platform)
    {
        var customer = CustomerEndpoints.Find(platform, id);
        new CustomerActions(platform).TriggerEvent(
            customer, NamedEvents.Of(platform, customer, name, request?.Event), RequestTime.Parse(request?.Timestamp));
        return Results.NoContent();
    }

    internal static SentModel AnswerElsewhere(string id, ElsewhereRequest request, Platform platform)
    {
        var customer = CustomerEndpoints.Find(platform, id);
        var (message, _) = new CustomerActions(platform).AnswerElsewhere(
            customer, request.Text, request.AppId, RequestTime.Parse(request.Timestamp));
        return new SentModel(message.Mid, message.At);
    }

    private static IResult ChangeThreadControl(string id, ThreadControlRequest request, Platform platform)
    {
        var customer = CustomerEndpoints.Find(platform, id);
        var app = platform.Settings.App.Id;
        var previous = request.PreviousOwnerAppId ?? customer.ThreadOwnerAppId;
        var next = request.NewOwnerAppId ?? app;
        var body = request.Event is "request"
            ? new JsonObject { ["requested_owner_app_id"] = next, ["metadata"] = request.Metadata ?? "" }
            : new JsonObject { ["previous_owner_app_id"] = previous, ["new_owner_app_id"] = next, ["metadata"] = request.Metadata ?? "" };
        var name = request.Event switch
        {
            "pass" => "pass_thread_control",
            "take" => "take_thread_control",
            "request" => "request_thread_control",
            _ => throw new ControlException("event is pass, take or request."),
        };
        if (request.Event is not "request") customer.ThreadOwnerAppId = next == app ? null : next;
        new CustomerActions(platform).ThreadControl(customer, name, body);
        platform.Live.Publish("thread", id);
        return Results.NoContent();
    }

    private static Message FindMessage(Platform platform, Customer customer, string mid) =>
        platform.FindMessage(mid) is { } message && message.CustomerId == customer.Id
            ? message
            : throw ControlException.NotFound($"message {mid} in this thread");
}
