using System.Text.RegularExpressions;

namespace MetaMessaging.Infrastructure.Graph;

/// <summary>
/// Which events have to be subscribed where (platform reference, OAuth → subscribed_apps; OAuth → App-level subscription). An event arrives only when both the Page and the app
/// subscribe to its field.
/// </summary>
internal static partial class Subscriptions
{
    /// <summary>All that a Page can tell us, but response_feedback: it puts thumbs under every message that we send.</summary>
    public static readonly IReadOnlyList<string> PageFields =
    [
        "messages", "messaging_postbacks", "message_deliveries", "message_reads", "message_echoes", "message_reactions", "message_edits",
        "messaging_referrals", "messaging_optins", "messaging_handovers", "standby", "messaging_account_linking",
        "messaging_policy_enforcement", "messaging_feedback",
    ];

    private static readonly string[] NeededOfPage =
        ["messages", "messaging_postbacks", "message_deliveries", "message_reads", "message_echoes"];

    /// <summary>Echoes come with messages there.</summary>
    private static readonly string[] NeededOfInstagram = ["messages", "messaging_postbacks", "messaging_seen"];

    /// <summary>Older versions of the API do not know every field and refuse all for the sake of one.</summary>
    /// <returns>The fields that are left; the same ones when Meta's words name none of them.</returns>
    public static IReadOnlyList<string> WithoutRefused(IReadOnlyList<string> fields, string? metaWords)
    {
        if (metaWords is null) return fields;

        var place = Index().Match(metaWords);
        if (place.Success && int.TryParse(place.Groups[1].ValueSpan, out var index) && index < fields.Count)
            return [.. fields.Where((_, i) => i != index)];

        return [.. fields.Where(field => !Regex.IsMatch(metaWords, $@"(?<!\w){Regex.Escape(field)}(?!\w)"))];
    }

    /// <returns>What is wrong with the Page's subscription, for people; null when nothing is.</returns>
    public static string? ProblemOfPage(IReadOnlyList<AppNode> subscribed, string appId)
    {
        if (subscribed.FirstOrDefault(app => app.Id == appId) is not { } ours)
            return "Meta does not list this app among those that the Page informs, so no messages will arrive. Reconnect the Page.";

        var missing = Missing(NeededOfPage, ours.SubscribedFields ?? []);
        return missing.Count == 0 ? null : $"The Page does not inform this app of: {string.Join(", ", missing)}. Reconnect the Page.";
    }

    /// <returns>What is wrong with the app's webhooks, for people; null when nothing is.</returns>
    public static string? ProblemOfApp(IReadOnlyList<SubscriptionNode> subscriptions, Uri webhookUrl, bool withInstagram) =>
        ProblemOf(subscriptions, "page", NeededOfPage, webhookUrl)
        ?? (withInstagram ? ProblemOf(subscriptions, "instagram", NeededOfInstagram, webhookUrl) : null);

    private static string? ProblemOf(IReadOnlyList<SubscriptionNode> subscriptions, string topic, string[] needed, Uri webhookUrl)
    {
        var where = $"Meta's App Dashboard, Webhooks, object '{topic}'";
        if (subscriptions.FirstOrDefault(s => s.Object == topic) is not { } subscription || subscription.Active is false)
            return $"No webhook is set up in {where}. Enter {webhookUrl} there.";

        if (!Uri.TryCreate(subscription.CallbackUrl, UriKind.Absolute, out var callback) || !SameAddress(callback, webhookUrl))
            return $"The webhook in {where} points to {Shown(subscription.CallbackUrl)}; it has to be {webhookUrl}.";

        var missing = Missing(needed, [.. (subscription.Fields ?? []).Select(f => f.Name ?? "")]);
        return missing.Count == 0 ? null : $"In {where}, these fields are not subscribed: {string.Join(", ", missing)}.";
    }

    private static string Shown(string? address) =>
        address is null or "" ? "nowhere" : address.Length <= 200 ? address : $"{address[..200]}…";

    private static bool SameAddress(Uri one, Uri other) => Uri.Compare(
        one, other, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0
        && one.AbsolutePath.TrimEnd('/') == other.AbsolutePath.TrimEnd('/');

    /// <summary>Meta's own pages differ in the plural: messaging_referral, messaging_referrals.</summary>
    private static List<string> Missing(string[] needed, IReadOnlyList<string> present) =>
        [.. needed.Where(field => !present.Any(p => p.TrimEnd('s') == field.TrimEnd('s')))];

    [GeneratedRegex(@"subscribed_fields\[(\d+)\]")]
    private static partial Regex Index();
}
