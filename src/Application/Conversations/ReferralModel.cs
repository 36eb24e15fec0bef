namespace MetaMessaging.Application.Conversations;

/// <summary>The link, ad or product that the customer came from.</summary>
/// <param name="Source">ADS, SHORTLINK, or an address.</param>
/// <param name="Type">OPEN_THREAD, LEAD_COMPLETE, LEAD_INCOMPLETE.</param>
public sealed record ReferralModel(
    string? Ref, string? Source, string? Type, string? AdId, string? AdTitle, string? AdPhotoUrl, string? AdVideoUrl, string? PostId,
    string? ProductId, string? RefererUri)
{
    internal static ReferralModel? Parse(string? json)
    {
        if (json is null) return null;

        var referral = JsonElement.Parse(json);
        var ad = referral.Member("ads_context_data");
        return new ReferralModel(
            referral.Text("ref"), referral.Text("source"), referral.Text("type"), referral.Text("ad_id"),
            ad.Text("ad_title"), ad.Text("photo_url"), ad.Text("video_url"), ad.Text("post_id"),
            referral.Member("product").Text("id") ?? ad.Text("product_id"), referral.Text("referer_uri"));
    }
}
