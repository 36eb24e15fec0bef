namespace MetaMessaging.Application.Common;

/// <summary>The webhook fields to subscribe to, by Meta's objects (platform reference, Webhooks).</summary>
public static class WebhookFields
{
    /// <summary>All fields of a Page but response_feedback, which shows the customer rating buttons under every message we send.</summary>
    public static readonly IReadOnlyList<string> Page =
    [
        "messages", "messaging_postbacks", "message_deliveries", "message_reads", "message_echoes", "message_reactions", "message_edits",
        "messaging_referrals", "messaging_optins", "messaging_handovers", "standby", "messaging_account_linking",
        "messaging_policy_enforcement", "messaging_feedback",
    ];

    /// <summary>On Instagram, echoes arrive with the field messages.</summary>
    public static readonly IReadOnlyList<string> Instagram =
    [
        "messages", "messaging_postbacks", "messaging_seen", "message_reactions", "message_edit", "messaging_referral",
        "messaging_optins", "messaging_handover", "standby",
    ];
}
