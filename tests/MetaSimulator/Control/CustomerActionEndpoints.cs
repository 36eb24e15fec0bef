using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.Customers;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Control;

/// <summary>What customers do: each call is one act, with its time if a story is told.</summary>
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
        sim.MapPost("/customers/{id}/events", Anything);
        sim.MapPost("/customers/{id}/events/{name}", Happen);
        sim.MapGet("/events", () => NamedEvents.Names);
        sim.MapPost("/customers/{id}/elsewhere", AnswerElsewhere);
        sim.MapPost("/customers/{id}/thread-control", ChangeThreadControl);
    }

    private static SentModel Write(string id, MessageRequest request, Platform platform)
    {
        var customer = CustomerEndpoints.Find(platform, id);
        var attachments = (request.Attachments ?? []).SelectMany(attachment => AttachmentBuilder.Build(platform, customer, attachment)).ToList();
        var message = new Message
        {
            Mid = request.Mid ?? Ids.MessageId(customer.Channel, customer.AccountId),
            CustomerId = customer.Id,
            FromCustomer = true,
            At = Moment.Parse(request.Timestamp) ?? customer.NextTime(platform.Clock.NowMs),
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
        return new StoryReference(request.Id ?? Ids.Digits("17", 17), request.Expired is true ? null : request.Url ?? platform.Media.Address(file.Id));
    }

    private static IResult React(string id, ReactionRequest request, Platform platform)
    {
        var customer = CustomerEndpoints.Find(platform, id);
        var message = request.Mid is { } mid ? FindMessage(platform, customer, mid) : customer.Messages.LastOrDefault(message => !message.FromCustomer);
        if (message is null) throw ControlException.NotFound("message to react to");
        new CustomerActions(platform).React(customer, message, request.Emoji, request.Reaction, Moment.Parse(request.Timestamp));
        return Results.NoContent();
    }

    private static IResult Unsend(string id, string mid, UnsendRequest? request, Platform platform)
    {
        var customer = CustomerEndpoints.Find(platform, id);
        new CustomerActions(platform).Unsend(customer, FindMessage(platform, customer, mid), Moment.Parse(request?.Timestamp));
        return Results.NoContent();
    }

    private static IResult Edit(string id, string mid, EditRequest request, Platform platform)
    {
        var customer = CustomerEndpoints.Find(platform, id);
        new CustomerActions(platform).Edit(customer, FindMessage(platform, customer, mid), request.Text, request.NumEdit, Moment.Parse(request.Timestamp));
        return Results.NoContent();
    }

    private static IResult Read(string id, ReceiptRequest? request, Platform platform)
    {
        var customer = CustomerEndpoints.Find(platform, id);
        var upTo = request?.Mid is { } mid ? FindMessage(platform, customer, mid) : null;
        new CustomerActions(platform).Read(customer, upTo, request?.Watermark, Moment.Parse(request?.Timestamp));
        return Results.NoContent();
    }

    private static IResult Acknowledge(string id, ReceiptRequest? request, Platform platform)
    {
        var customer = CustomerEndpoints.Find(platform, id);
        var last = customer.Messages.LastOrDefault(message => !message.FromCustomer);
        var watermark = request?.Watermark ?? (request?.Mid is { } mid ? FindMessage(platform, customer, mid).At : last?.At) ?? platform.Clock.NowMs;
        var mids = customer.Messages.Where(message => !message.FromCustomer && message.At <= watermark && message.At > customer.DeliveredUpTo).Select(message => message.Mid).ToList();
        new CustomerActions(platform).AcknowledgeDelivery(customer, mids, watermark, Moment.Parse(request?.Timestamp));
        return Results.NoContent();
    }

    private static object TapButton(string id, PostbackRequest request, Platform platform)
    {
        var customer = CustomerEndpoints.Find(platform, id);
        var (mid, _) = new CustomerActions(platform).TapButton(
            customer, request.Title, request.Payload, request.WithoutMid is not true, request.Referral, Moment.Parse(request.Timestamp));
        return new { mid };
    }

    private static IResult FollowLink(string id, ReferralRequest request, Platform platform)
    {
        var customer = CustomerEndpoints.Find(platform, id);
        var source = request.Source ?? (customer.Channel is Channel.Messenger ? "SHORTLINK" : $"https://ig.me/m/{platform.Pages[customer.PageId].Instagram?.Username}");
        var referral = request.Referral ?? new JsonObject { ["ref"] = request.Ref ?? "website", ["source"] = source, ["type"] = "OPEN_THREAD" };
        new CustomerActions(platform).FollowLink(customer, referral, Moment.Parse(request.Timestamp));
        return Results.NoContent();
    }

    private static IResult Anything(string id, CustomEventRequest request, Platform platform)
    {
        new CustomerActions(platform).Anything(CustomerEndpoints.Find(platform, id), request.Field, request.Event, Moment.Parse(request.Timestamp));
        return Results.NoContent();
    }

    private static IResult Happen(string id, string name, NamedEventRequest? request, Platform platform)
    {
        var customer = CustomerEndpoints.Find(platform, id);
        new CustomerActions(platform).Happen(customer, NamedEvents.Of(platform, customer, name, request?.Event), Moment.Parse(request?.Timestamp));
        return Results.NoContent();
    }

    private static SentModel AnswerElsewhere(string id, ElsewhereRequest request, Platform platform)
    {
        var customer = CustomerEndpoints.Find(platform, id);
        var (message, _) = new CustomerActions(platform).AnswerElsewhere(customer, request.Text, request.AppId, Moment.Parse(request.Timestamp));
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
        platform.FindMessage(mid) is { } message && message.CustomerId == customer.Id ? message : throw ControlException.NotFound($"message {mid} in this thread");
}
