namespace MetaMessaging.Infrastructure.Graph;

/// <summary>An event arrives only if Page and app both subscribe to its field (platform reference, OAuth → subscribed_apps).</summary>
internal static partial class Subscriptions
{
    private static readonly string[] RequiredPageFields =
        ["messages", "messaging_postbacks", "message_deliveries", "message_reads", "message_echoes"];

    private static readonly string[] RequiredInstagramFields = ["messages", "messaging_postbacks", "messaging_seen"];

    /// <summary>Removes the fields that Meta's refusal names, because older versions of the API do not know all of them.</summary>
    /// <returns>The remaining fields; all of them when the message names none.</returns>
    public static IReadOnlyList<string> WithoutRefused(IReadOnlyList<string> fields, string? metaMessage)
    {
        if (metaMessage is null) return fields;

        var position = Index().Match(metaMessage);
        if (position.Success && int.TryParse(position.Groups[1].ValueSpan, out var index) && index < fields.Count)
            return [.. fields.Where((_, i) => i != index)];

        return [.. fields.Where(field => !Regex.IsMatch(metaMessage, $@"(?<!\w){Regex.Escape(field)}(?!\w)"))];
    }

    public static string? ProblemOfPage(IReadOnlyList<AppNode> subscribed, string appId)
    {
        if (subscribed.FirstOrDefault(app => app.Id == appId) is not { } ours)
            return "Meta does not list this app among those that the Page informs, so no messages will arrive. Subscribe it again.";

        var missing = Missing(RequiredPageFields, ours.SubscribedFields ?? []);
        return missing.Count == 0 ? null : $"The Page does not inform this app of: {string.Join(", ", missing)}. Subscribe it again.";
    }

    public static string? ProblemOfApp(IReadOnlyList<SubscriptionNode> subscriptions, Uri webhookUrl, bool withInstagram) =>
        ProblemOf(subscriptions, "page", RequiredPageFields, webhookUrl)
        ?? (withInstagram ? ProblemOf(subscriptions, "instagram", RequiredInstagramFields, webhookUrl) : null);

    private static string? ProblemOf(IReadOnlyList<SubscriptionNode> subscriptions, string topic, string[] required, Uri webhookUrl)
    {
        var where = $"Meta's App Dashboard, Webhooks, object '{topic}'";
        if (subscriptions.FirstOrDefault(s => s.Object == topic) is not { } subscription || subscription.Active is false)
            return $"No webhook is set up in {where}. Enter {webhookUrl} there.";

        if (!Uri.TryCreate(subscription.CallbackUrl, UriKind.Absolute, out var callback) || !IsSameAddress(callback, webhookUrl))
            return $"The webhook in {where} points to {Shown(subscription.CallbackUrl)}; it has to be {webhookUrl}.";

        var missing = Missing(required, [.. (subscription.Fields ?? []).Select(f => f.Name ?? "")]);
        return missing.Count == 0 ? null : $"In {where}, these fields are not subscribed: {string.Join(", ", missing)}.";
    }

    private static string Shown(string? address) =>
        address is null or "" ? "nowhere" : address.Length <= 200 ? address : $"{address[..200]}…";

    private static bool IsSameAddress(Uri one, Uri other) => Uri.Compare(
        one, other, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0
        && one.AbsolutePath.TrimEnd('/') == other.AbsolutePath.TrimEnd('/');

    /// <summary>Meta's pages write some fields with and without a plural s: messaging_referral, messaging_referrals.</summary>
    private static List<string> Missing(string[] required, IReadOnlyList<string> present) =>
        [.. required.Where(field => !present.Any(p => p.TrimEnd('s') == field.TrimEnd('s')))];

    [GeneratedRegex(@"subscribed_fields\[(\d+)\]")]
    private static partial Regex Index();
}
