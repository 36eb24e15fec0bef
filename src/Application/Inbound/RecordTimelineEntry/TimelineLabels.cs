namespace MetaMessaging.Application.Inbound;

internal static class TimelineLabels
{
    public static string For(InboundEvent inbound)
    {
        var content = inbound.Content;
        return inbound.Kind switch
        {
            InboundEventKind.Referral => Referral(content, inbound.Body.Member("lead")),
            InboundEventKind.OptIn => OptIn(content),
            InboundEventKind.AccountLinking when content.Text("status") == "unlinked" => "Unlinked their account",
            InboundEventKind.AccountLinking => "Linked their account",
            InboundEventKind.Feedback when inbound.Key == "response_feedback" =>
                $"Rated an answer: {content.Text("feedback") ?? "no words"}",
            InboundEventKind.Feedback => Feedback(content),
            InboundEventKind.Order => Order(content),
            InboundEventKind.Coupon => $"Revealed the coupon {content.Text("coupon_code") ?? content.Text("payload") ?? "of a message"}",
            InboundEventKind.Game => content.Text("score") is { } score ? $"Played a game and scored {score}" : "Played a game",
            _ => "Something happened that Meta gives no words for",
        };
    }

    private static string Referral(JsonElement referral, JsonElement lead)
    {
        var ad = referral.Member("ads_context_data").Text("ad_title") is { Length: > 0 } title ? $"the ad “{title}”"
            : referral.Text("ad_id") is { Length: > 0 } adId ? $"ad {adId}"
            : null;
        var label = referral.Text("type") switch
        {
            "LEAD_COMPLETE" => $"Filled in the form of {ad ?? "an ad"}",
            "LEAD_INCOMPLETE" => $"Left the form of {ad ?? "an ad"} unfinished",
            _ when ad is not null => $"Came from {ad}",
            _ when referral.Member("product").Text("id") is { } product => $"Came from product {product}",
            _ => $"Came by {Source(referral.Text("source"))}",
        };
        if (referral.Text("ref") is { Length: > 0 } reference) label += $" (ref {reference})";

        var answers = string.Join("; ", lead.Items("data").Select(a => $"{a.Text("question")} {a.Text("answer")}"));
        return answers.Length == 0 ? label : $"{label}: {answers}";
    }

    private static string Source(string? source) => source switch
    {
        "SHORTLINK" => "an m.me link",
        "MESSENGER_CODE" => "a Messenger code",
        "DISCOVER_TAB" => "Messenger's discover tab",
        "CUSTOMER_CHAT_PLUGIN" => "the chat plugin on the website",
        null => "a link",
        _ => source,
    };

    private static string OptIn(JsonElement optIn)
    {
        var topic = optIn.Text("title") is { Length: > 0 } title ? $" “{title}”" : "";
        return optIn.Text("notification_messages_status") switch
        {
            "STOP_NOTIFICATIONS" => $"Stopped notifications{topic}",
            "RESUME_NOTIFICATIONS" => $"Resumed notifications{topic}",
            _ when optIn.Text("type") is "notification_messages" => $"Agreed to notifications{topic}",
            _ when optIn.Text("type") is "one_time_notif_req" => $"Agreed to one notification{topic}",
            _ => $"Opted in{(optIn.Text("ref") is { Length: > 0 } reference ? $" (ref {reference})" : "")}",
        };
    }

    private static string Feedback(JsonElement feedback)
    {
        var answers = feedback.Items("feedback_screens")
            .Select(s => s.Member("questions")).Where(q => q.ValueKind is JsonValueKind.Object)
            .SelectMany(q => q.EnumerateObject())
            .SelectMany(q => new[] { q.Value.Text("payload"), q.Value.Member("follow_up").Text("payload") })
            .Where(a => a is { Length: > 0 });
        return string.Join(", ", answers) is { Length: > 0 } text ? $"Gave feedback: {text}" : "Gave feedback";
    }

    private static string Order(JsonElement order)
    {
        var items = order.Items("products")
            .Select(p => $"{p.Text("quantity") ?? "1"} × {p.Text("name") ?? p.Text("retailer_id") ?? p.Text("id") ?? "?"}");
        var cart = string.Join(", ", items) is { Length: > 0 } products ? $"Sent a cart: {products}" : "Sent a cart";
        return order.Text("note") is { Length: > 0 } note ? $"{cart} (“{note}”)" : cart;
    }
}
