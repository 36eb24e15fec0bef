using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.State;
using MetaMessaging.MetaSimulator.Webhooks;

namespace MetaMessaging.MetaSimulator.Customers;

/// <summary>What a person can do on their phone, and the webhook events that follow.</summary>
internal sealed class CustomerActions(Platform platform)
{
    private readonly MessagingEvents _events = new(platform.Media);

    /// <summary>The apps of Meta's own inboxes (platform reference, Webhooks → Echo, edit, unsend).</summary>
    public static string InboxAppId(Channel channel) => channel is Channel.Messenger ? "263902037430900" : "1217981644879628";

    public (Message Message, Task Posted) Write(Customer customer, Message message, bool bare = false)
    {
        platform.Add(customer, message);
        customer.Acted(message.At);

        var mode = customer.Channel is Channel.Instagram ? platform.Settings.Behaviour.InstagramEditZero : EditZeroMode.None;
        if (bare || mode is EditZeroMode.BareOnly) return (message, Emit(_events.EditZero(customer, message, bare: true)));

        if (mode is EditZeroMode.Before) _ = Emit(_events.EditZero(customer, message, bare: false));
        var posted = Emit(_events.Message(customer, message));
        if (mode is EditZeroMode.After) _ = Emit(_events.EditZero(customer, message, bare: false));
        return (message, posted);
    }

    public Task React(Customer customer, Message message, string? emoji, string? word, long? at)
    {
        message.CustomerReaction = emoji ?? (word is null ? null : Reactions.EmojiOf(word));
        var time = at ?? platform.Clock.NowMs;
        customer.Acted(time);
        platform.Live.Publish("thread", customer.Id);
        return Emit(_events.Reaction(
            customer,
            message.Mid,
            word ?? (emoji is null ? null : Reactions.NameOf(customer.Channel, emoji)),
            message.CustomerReaction,
            time));
    }

    public Task Unsend(Customer customer, Message message, long? at)
    {
        message.IsDeleted = true;
        message.Text = null;
        foreach (var mediaId in message.Attachments.Select(attachment => attachment.MediaId).OfType<string>())
        {
            platform.Media.Remove(mediaId);
        }

        message.Attachments = [];
        platform.Live.Publish("thread", customer.Id);
        return Emit(_events.Unsent(customer, message, at ?? platform.Clock.NowMs));
    }

    public Task Edit(Customer customer, Message message, string text, int? edits, long? at)
    {
        message.Text = text;
        message.Edits = edits ?? message.Edits + 1;
        platform.Live.Publish("thread", customer.Id);
        return Emit(_events.Edited(customer, message, message.Edits, at ?? platform.Clock.NowMs));
    }

    /// <summary>
    /// Messenger reports a watermark, Instagram the message that was seen (platform reference, Webhooks → Delivery and read).
    /// </summary>
    public Task Read(Customer customer, Message? upTo, long? watermark, long? at)
    {
        upTo ??= customer.Messages.LastOrDefault(message => !message.FromCustomer);
        var time = at ?? platform.Clock.NowMs;
        var readUpTo = watermark ?? upTo?.At;
        if (readUpTo is null) return Task.CompletedTask;

        customer.Read(readUpTo.Value);
        platform.Live.Publish("thread", customer.Id);
        return customer.Channel is Channel.Messenger
            ? Emit(_events.Read(customer, readUpTo.Value, time))
            : upTo is null ? Task.CompletedTask : Emit(_events.Seen(customer, upTo.Mid, time));
    }

    /// <summary>A Messenger phone acknowledges everything up to a time; Instagram has no such event.</summary>
    public Task AcknowledgeDelivery(Customer customer, IReadOnlyList<string> mids, long watermark, long? at)
    {
        customer.Delivered(watermark);
        platform.Live.Publish("thread", customer.Id);
        return customer.Channel is Channel.Messenger
            ? Emit(_events.Delivered(customer, mids, watermark, at ?? platform.Clock.NowMs))
            : Task.CompletedTask;
    }

    public (string? Mid, Task Posted) TapButton(
        Customer customer, string title, string payload, bool withMid, JsonObject? referral, long? at)
    {
        var time = at ?? customer.NextTime(platform.Clock.NowMs);
        var message = new Message
        {
            Mid = Ids.MessageId(customer.Channel, customer.AccountId),
            CustomerId = customer.Id,
            FromCustomer = true,
            At = time,
            Text = title,
            Payload = payload,
            IsPostback = true,
        };
        platform.Add(customer, message);
        customer.Acted(time);
        var mid = withMid ? message.Mid : null;
        return (mid, Emit(_events.Postback(customer, mid, title, payload, referral, time)));
    }

    /// <summary>
    /// Opens the existing thread through an m.me or ig.me link, or an ad (platform reference, Webhooks → Reactions, postbacks, referrals,
    /// opt-ins).
    /// </summary>
    public Task FollowLink(Customer customer, JsonObject referral, long? at)
    {
        var time = at ?? platform.Clock.NowMs;
        customer.Acted(time);
        return Emit(_events.Referral(customer, referral, time));
    }

    public Task SendCustomEvent(Customer customer, string field, JsonObject members, long? at) =>
        Emit(_events.Custom(customer, field, members, at ?? platform.Clock.NowMs));

    public Task TriggerEvent(Customer customer, NamedEvents.Shape shape, long? at)
    {
        var time = at ?? customer.NextTime(platform.Clock.NowMs);
        if (!shape.WithoutSender && shape.Members.ContainsKey("referral")) customer.Acted(time);
        return Emit(
            shape.WithoutSender
                ? _events.WithoutSender(customer, shape.Field, shape.Members, time)
                : _events.Custom(customer, shape.Field, shape.Members, time));
    }

    /// <summary>A colleague answers in Meta's own inbox or in another app: the gateway only sees the echo.</summary>
    public (Message Message, Task Posted) AnswerElsewhere(Customer customer, string text, string? appId, long? at)
    {
        var message = new Message
        {
            Mid = Ids.MessageId(customer.Channel, customer.AccountId),
            CustomerId = customer.Id,
            FromCustomer = false,
            At = at ?? customer.NextTime(platform.Clock.NowMs),
            Text = text,
            AppId = appId ?? InboxAppId(customer.Channel),
        };
        platform.Add(customer, message);
        return (message, Emit(_events.Echo(customer, message)));
    }

    public Task Echo(Customer customer, Message message) => Emit(_events.Echo(customer, message));

    public Task ThreadControl(Customer customer, string name, JsonObject body) =>
        Emit(_events.ThreadControl(customer, name, body, platform.Clock.NowMs));

    private Task Emit(WebhookEvent webhookEvent) => platform.Webhooks.Emit(webhookEvent);
}
