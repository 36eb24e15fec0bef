using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.Control;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Customers;

/// <summary>
/// Events that are no messages, by name, each in the shape and on the field that its channel has for it (platform reference, Webhooks →
/// Reactions, postbacks, referrals, opt-ins; Webhooks → Other events).
/// </summary>
internal static class NamedEvents
{
    /// <param name="WithoutSender">Meta names nobody, or only a <c>user_ref</c>.</param>
    public sealed record Shape(string Field, JsonObject Members, bool WithoutSender = false);

    public static IReadOnlyList<string> Names { get; } =
    [
        "adReferral", "linkReferral", "productReferral", "leadComplete", "optin", "optinUserRef", "oneTimeOptin", "accountLinked",
        "accountUnlinked", "policyWarning",
        "policyBlock", "policyUnblock", "feedback", "responseFeedback", "badResponseFeedback", "order", "coupon", "game", "appRoles",
        "unknown",
    ];

    /// <param name="over">Members that take the place of those that the event has by itself.</param>
    public static Shape Of(Platform platform, Customer customer, string name, JsonObject? over)
    {
        var shape = Find(platform, customer, name) ?? throw new ControlException($"event is one of {string.Join(", ", Names)}.");
        var onMessengerOnly =
            shape.Field is "messaging_account_linking" or "messaging_policy_enforcement" or "messaging_feedback"
                or "response_feedback" or "send_cart"
            or "messaging_game_plays" or "messaging_optins" || name is "appRoles" or "coupon" or "leadComplete";
        if (onMessengerOnly && customer.Channel is Channel.Instagram && name is not "optin")
            throw new ControlException($"Instagram has no event {name}.");

        foreach (var (key, value) in over ?? [])
        {
            if (value is JsonObject inner && shape.Members[key] is JsonObject own)
            {
                foreach (var (member, changed) in inner) own[member] = changed?.DeepClone();
            }
            else
            {
                shape.Members[key] = value?.DeepClone();
            }
        }

        return shape;
    }

    private static Shape? Find(Platform platform, Customer customer, string name)
    {
        var referrals = customer.Channel is Channel.Messenger ? "messaging_referrals" : "messaging_referral";
        return name switch
        {
            "linkReferral" => new(referrals, One("referral", new()
            {
                ["ref"] = "summer",
                ["source"] = customer.Channel is Channel.Messenger
                    ? "SHORTLINK"
                    : $"https://ig.me/m/{platform.Pages[customer.PageId].Instagram?.Username}",
                ["type"] = "OPEN_THREAD",
            })),
            "adReferral" => new(referrals, One("referral", new()
            {
                ["ref"] = "autumn-ad", ["ad_id"] = "6045246247433", ["source"] = "ADS", ["type"] = "OPEN_THREAD",
                ["ads_context_data"] = new JsonObject
                {
                    ["ad_title"] = "Autumn roast, now in the shop", ["photo_url"] = "https://scontent.xx.fbcdn.net/v/ad.jpg",
                    ["post_id"] = "109_1",
                },
            })),
            "productReferral" =>
                new(
                    referrals,
                    One(
                        "referral",
                        new()
                        {
                            ["product"] = new JsonObject { ["id"] = "5551234567890" }, ["source"] = "SHOPS", ["type"] = "OPEN_THREAD",
                        })),
            "leadComplete" => new(referrals, new()
            {
                ["referral"] = new JsonObject
                {
                    ["source"] = "ADS", ["type"] = "LEAD_COMPLETE", ["ad_id"] = "6302123456789",
                    ["ads_context_data"] = new JsonObject { ["ad_title"] = "Win a grinder" },
                },
                ["lead"] = new JsonObject { ["data"] = new JsonArray(new JsonObject { ["question"] = "City?", ["answer"] = "Oslo" }) },
            }),
            "optin" => new("messaging_optins", One("optin", new()
            {
                ["type"] = "notification_messages", ["payload"] = "DEALS", ["title"] = "Weekly deals",
                ["notification_messages_token"] = Ids.Digits("7", 18),
                ["notification_messages_frequency"] = "WEEKLY", ["notification_messages_timezone"] = "Europe/Oslo",
                ["token_expiry_timestamp"] = platform.Clock.NowSeconds + (180 * 24 * 3600), ["user_token_status"] = "NOT_REFRESHED",
            })),
            "optinUserRef" =>
                new(
                    "messaging_optins",
                    One("optin", new() { ["ref"] = "PASS_THROUGH", ["user_ref"] = Ids.Digits("ref-", 12) }),
                    WithoutSender: true),
            "oneTimeOptin" =>
                new(
                    "messaging_optins",
                    One(
                        "optin",
                        new()
                        {
                            ["type"] = "one_time_notif_req", ["payload"] = "BACK_IN_STOCK",
                            ["one_time_notif_token"] = Ids.Digits("6", 18),
                        })),
            "accountLinked" =>
                new(
                    "messaging_account_linking",
                    One("account_linking", new() { ["status"] = "linked", ["authorization_code"] = "PASS_THROUGH_CODE" })),
            "accountUnlinked" => new("messaging_account_linking", One("account_linking", new() { ["status"] = "unlinked" })),
            "policyWarning" => new("messaging_policy_enforcement", Policy("warning"), WithoutSender: true),
            "policyBlock" => new("messaging_policy_enforcement", Policy("block"), WithoutSender: true),
            "policyUnblock" =>
                new("messaging_policy_enforcement", One("policy_enforcement", new() { ["action"] = "unblock" }), WithoutSender: true),
            "feedback" => new("messaging_feedback", One("messaging_feedback", new()
            {
                ["feedback_screens"] = new JsonArray(new JsonObject
                {
                    ["screen_id"] = 0,
                    ["questions"] = new JsonObject
                    {
                        ["q1"] = new JsonObject
                        {
                            ["type"] = "csat", ["payload"] = "5",
                            ["follow_up"] = new JsonObject { ["type"] = "free_form", ["payload"] = "Great coffee" },
                        },
                    },
                }),
            })),
            "responseFeedback" => new("response_feedback", Response(customer, "Good response")),
            "badResponseFeedback" => new("response_feedback", Response(customer, "Bad response")),
            "order" => new("send_cart", One("order", new()
            {
                ["products"] = new JsonArray(new JsonObject
                {
                    ["id"] = 123, ["retailer_id"] = "blue-cup", ["name"] = "Blue cup", ["unit_price"] = 11, ["currency"] = "NOK",
                    ["quantity"] = 2,
                }),
                ["note"] = "Please wrap it",
            })),
            "coupon" =>
                new("messages", One("template", new() { ["type"] = "coupon", ["payload"] = "COUPON", ["coupon_code"] = "10PERCENT" })),
            "game" => new("messaging_game_plays", One("game_play", new()
            {
                ["game_id"] = "1", ["player_id"] = customer.Id, ["context_type"] = "SOLO", ["context_id"] = "3", ["score"] = 4,
                ["payload"] = "x",
            })),
            "appRoles" =>
                new(
                    "messaging_handovers",
                    One("app_roles", new() { [platform.Settings.App.Id] = new JsonArray("primary_receiver") }),
                    WithoutSender: true),
            "unknown" => new("messages", One("something_new", new() { ["mid"] = "m_unknown" })),
            _ => null,
        };
    }

    private static JsonObject Policy(string action) =>
        One(
            "policy_enforcement",
            new() { ["action"] = action, ["reason"] = "The Page sent promotional messages outside of the allowed window." });

    private static JsonObject Response(Customer customer, string feedback)
    {
        var last = customer.Messages.LastOrDefault(message => !message.FromCustomer) ?? throw ControlException.NotFound("message to judge");
        return One("response_feedback", new() { ["feedback"] = feedback, ["mid"] = last.Mid });
    }

    private static JsonObject One(string name, JsonObject value) => new() { [name] = value };
}
