namespace MetaMessaging.Application.Conversations;

/// <summary>The link, ad or product that the customer came from.</summary>
/// <param name="Source">ADS, SHORTLINK, or an address.</param>
/// <param name="Type">OPEN_THREAD, LEAD_COMPLETE, LEAD_INCOMPLETE.</param>
/// <param name="FlowId">The message flow of the ad.</param>
/// <param name="Lead">The answers to the form of a lead ad.</param>
public sealed record ReferralModel(
    string? Ref, string? Source, string? Type, string? AdId, string? AdTitle, string? AdPhotoUrl, string? AdVideoUrl, string? PostId,
    string? ProductId, string? FlowId, string? RefererUri, IReadOnlyList<LeadAnswerModel> Lead)
{
    internal static ReferralModel? Parse(string? json)
    {
        if (json is null) return null;

        var referral = JsonElement.Parse(json);
        var ad = referral.Member("ads_context_data");
        return new ReferralModel(
            referral.Text("ref"), referral.Text("source"), referral.Text("type"), referral.Text("ad_id"),
            PlainName.Clean(ad.Text("ad_title")), ad.Text("photo_url"), ad.Text("video_url"), ad.Text("post_id"),
            referral.Member("product").Text("id") ?? ad.Text("product_id"), ad.Text("flow_id"), referral.Text("referer_uri"),
            [.. referral.Member("lead").Items("data").Select(a => new LeadAnswerModel(a.Text("question"), a.Text("answer")))]);
    }
}

public sealed record LeadAnswerModel(string? Question, string? Answer);

/// <summary>
/// What the customer agreed to, or no longer does (platform reference, Webhooks → Reactions, postbacks, referrals, opt-ins).
/// </summary>
/// <param name="Type">notification_messages, one_time_notif_req, or null for the plug-in on a website.</param>
/// <param name="Ref">What the plug-in passed through.</param>
/// <param name="Status">STOP_NOTIFICATIONS or RESUME_NOTIFICATIONS; null when the customer agreed for the first time.</param>
/// <param name="Token">With it the business sends what the customer agreed to.</param>
public sealed record OptInModel(
    string? Type,
    string? Ref,
    string? UserRef,
    string? Title,
    string? Payload,
    string? Status,
    string? Frequency,
    string? TimeZone,
    string? Token,
    string? TokenStatus,
    DateTimeOffset? TokenExpiresAt)
{
    internal static OptInModel? Parse(string? json)
    {
        if (json is null) return null;

        var optIn = JsonElement.Parse(json);
        return new OptInModel(
            optIn.Text("type"), optIn.Text("ref"), optIn.Text("user_ref"), PlainName.Clean(optIn.Text("title")), optIn.Text("payload"),
            optIn.Text("notification_messages_status"), optIn.Text("notification_messages_frequency"),
            optIn.Text("notification_messages_timezone"),
            optIn.Text("notification_messages_token") ?? optIn.Text("one_time_notif_token"), optIn.Text("user_token_status"),
            optIn.Time("token_expiry_timestamp"));
    }
}
