namespace MetaMessaging.MetaSimulator.Webhooks;

/// <summary>The names of fields at both levels (platform reference, OAuth → subscribed_apps; OAuth → App-level subscription).</summary>
internal static class WebhookFields
{
    public static IReadOnlyList<string> Page { get; } =
    [
        "feed", "mention", "name", "picture", "conversations", "messages", "message_reactions", "messaging_account_linking",
        "message_echoes",
        "message_deliveries", "messaging_optins", "messaging_postbacks", "message_reads", "messaging_referrals", "messaging_handovers",
        "messaging_policy_enforcement", "messaging_feedback", "messaging_game_plays", "message_edits", "message_context",
        "messaging_customer_information",
        "messaging_checkout_updates", "messaging_payments", "messaging_pre_checkouts", "response_feedback", "send_cart", "inbox_labels",
        "leadgen", "ratings", "standby",
    ];

    public static IReadOnlyList<string> Instagram { get; } =
    [
        "messages", "message_reactions", "messaging_postbacks", "messaging_referral", "messaging_seen", "messaging_optins",
        "messaging_handover",
        "message_edit", "standby", "comments", "live_comments", "mentions", "story_insights",
    ];

    /// <summary>Messaging fields at page level need pages_messaging beside pages_manage_metadata.</summary>
    public static bool IsMessaging(string field) => field.StartsWith("messag", StringComparison.Ordinal) || field is "standby";

    /// <summary>Meta's documentation spells some Instagram fields in the plural as well; both name the same field.</summary>
    public static string Normalise(string field, string webhookObject) => webhookObject is not "instagram" ? field : field switch
    {
        "messaging_referrals" => "messaging_referral",
        "messaging_handovers" => "messaging_handover",
        "message_edits" => "message_edit",
        _ => field,
    };
}
