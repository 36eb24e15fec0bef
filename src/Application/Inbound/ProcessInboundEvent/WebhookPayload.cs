using System.Text.Unicode;

namespace MetaMessaging.Application.Inbound;

/// <summary>The events of one delivery, from all its entries (platform reference, Webhooks → Envelope).</summary>
public sealed record WebhookPayload(string? Object, IReadOnlyList<InboundEvent> Events)
{
    private static readonly TimeSpan MaxClockSkew = TimeSpan.FromMinutes(5);

    public static WebhookPayload Parse(ReadOnlyMemory<byte> body, DateTimeOffset receivedAt, long deliveryId = 0)
    {
        body = body[StoredPayload.Start(body.Span)..];

        // The parser refuses a body with invalid UTF-8 as a whole. Decoding replaces the invalid bytes, so that the rest is kept.
        var text = Utf8.IsValid(body.Span) ? body : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body.Span));
        var root = RootOf(text.WithoutLoneSurrogates());
        List<JsonElement> objects = root.ValueKind switch
        {
            JsonValueKind.Object => [root],
            JsonValueKind.Array when root.EnumerateArray().Any(e => e.ValueKind is JsonValueKind.Object) => [.. root.EnumerateArray()],
            _ => throw new JsonException($"The body is a JSON {root.ValueKind}, not an object."),
        };

        var events = new List<InboundEvent>();
        foreach (var item in objects)
        {
            foreach (var inbound in EventsOf(item, receivedAt)) events.Add(inbound with { DeliveryId = deliveryId, Index = events.Count });
        }

        return new WebhookPayload(objects.Select(o => o.Text("object")).FirstOrDefault(o => o is not null), events);
    }

    private static JsonElement RootOf(ReadOnlyMemory<byte> text)
    {
        try
        {
            return JsonElement.Parse(text.Span);
        }
        catch (JsonException)
        {
            // Either it is nested too deeply, or it is not JSON and this throws as well.
            return JsonElement.Parse(text.ToArray().WithoutDeepNesting());
        }
    }

    public static InboundEvent ReadParked(PageConnection connection, ParkedEvent parked)
    {
        var body = JsonElement.Parse(parked.Body);
        var (kind, key) = parked.Kind == nameof(InboundEventKind.Reply) ? (InboundEventKind.Reply, "reply") : KindOf(body);
        var accountId = connection.AccountId(parked.Channel);
        return new InboundEvent(parked.Channel, accountId, parked.CustomerId, parked.At, kind, body, false) { Key = key };
    }

    private static IEnumerable<InboundEvent> EventsOf(JsonElement root, DateTimeOffset receivedAt)
    {
        var objectName = root.Text("object");
        if (ChannelOf(objectName) is not { } channel)
        {
            var reason = $"Object '{objectName}' is not ours to handle.";
            yield return new InboundEvent(default, "", null, receivedAt, InboundEventKind.Other, root, false, reason);
            yield break;
        }

        foreach (var entry in root.Items("entry"))
        {
            foreach (var item in entry.Items("messaging")) yield return EventOf(channel, entry, item, false, receivedAt);
            foreach (var item in entry.Items("standby")) yield return EventOf(channel, entry, item, true, receivedAt);
            foreach (var change in entry.Items("changes")) yield return ChangeOf(channel, entry, change, receivedAt);
            if (entry.Has("field")) yield return ChangeOf(channel, entry, entry, receivedAt);
            else if (entry.Has("recipient") && IsMessaging(entry)) yield return EventOf(channel, entry, entry, false, receivedAt);
        }
    }

    private static Channel? ChannelOf(string? objectName) => objectName switch
    {
        "page" => Channel.FacebookMessenger,
        "instagram" => Channel.InstagramDm,
        _ => null,
    };

    /// <summary>Real accounts send customers' events as changes, too (platform reference, Webhooks → Envelope); other changes concern posts
    /// and comments.</summary>
    private static InboundEvent ChangeOf(Channel channel, JsonElement entry, JsonElement change, DateTimeOffset receivedAt)
    {
        var value = change.Member("value");
        var asEvent = EventOf(channel, entry, value, change.Text("field") == "standby", receivedAt);
        return IsMessaging(value)
            ? asEvent
            : asEvent with
            {
                Kind = InboundEventKind.Other,
                Key = null,
                IgnoreReason = $"A change of the {change.Text("field") ?? "account"}, not for us.",
            };
    }

    /// <summary>A comment has a message as well, but that is a text, and what names an event of a customer is an object.</summary>
    private static bool IsMessaging(JsonElement item) =>
        KindOf(item) is { Key: { } key } && item.Member(key).ValueKind is JsonValueKind.Object;

    private static InboundEvent EventOf(Channel channel, JsonElement entry, JsonElement item, bool isStandby, DateTimeOffset receivedAt)
    {
        var sender = item.Member("sender").Text("id");
        var recipient = item.Member("recipient").Text("id");
        var (kind, key) = KindOf(item);
        var entryId = entry.Text("id");
        var isTest = entryId == "0" || sender == "12334" || recipient == "23245";   // platform reference, Webhooks → Dashboard test

        // The entry names the account, and the customer is the other party: the sender of a message, the recipient of an echo.
        var account = entryId ?? (kind is InboundEventKind.Echo ? sender : recipient) ?? "";
        var customer = sender == account ? recipient : sender ?? (recipient == account ? null : recipient);
        var at = item.Time("timestamp") ?? entry.Time("time") ?? receivedAt;
        if (at > receivedAt + MaxClockSkew) at = receivedAt + MaxClockSkew;

        var reason = isTest ? "Test event from Meta's app dashboard."
            : item.ValueKind is not JsonValueKind.Object ? "The event is not an object."
            : item.Member("message").IsTrue("is_self") ? "A message of the account to itself."
            : null;
        return new InboundEvent(channel, account, customer, at, kind, item, isStandby, reason) { Key = key };
    }

    /// <summary>Checks for an unsend before an echo, because the unsend of our own message is marked as both.</summary>
    private static (InboundEventKind Kind, string? Key) KindOf(JsonElement item)
    {
        if (item.Has("message"))
        {
            var message = item.Member("message");
            var kind = message.IsTrue("is_deleted") ? InboundEventKind.Unsend
                : message.IsTrue("is_echo") ? InboundEventKind.Echo
                : InboundEventKind.Message;
            return (kind, "message");
        }

        foreach (var (key, kind) in Keys)
        {
            if (item.Has(key)) return (kind, key);
        }

        return (InboundEventKind.Other, null);
    }

    private static readonly (string Key, InboundEventKind Kind)[] Keys =
    [
        ("message_edit", InboundEventKind.Edit),
        ("reaction", InboundEventKind.Reaction),
        ("postback", InboundEventKind.Postback),
        ("referral", InboundEventKind.Referral),
        ("optin", InboundEventKind.OptIn),
        ("delivery", InboundEventKind.Delivery),
        ("read", InboundEventKind.Read),
        ("account_linking", InboundEventKind.AccountLinking),
        ("policy_enforcement", InboundEventKind.PolicyEnforcement),
        ("policy-enforcement", InboundEventKind.PolicyEnforcement),   // its older name
        ("messaging_feedback", InboundEventKind.Feedback),
        ("response_feedback", InboundEventKind.Feedback),
        ("pass_thread_control", InboundEventKind.Handover),
        ("take_thread_control", InboundEventKind.Handover),
        ("request_thread_control", InboundEventKind.Handover),
        ("app_roles", InboundEventKind.Handover),
        ("order", InboundEventKind.Order),
        ("template", InboundEventKind.Coupon),
        ("game_play", InboundEventKind.Game),
    ];
}
