using System.Globalization;
using MetaMessaging.Application.Operations;
using MetaMessaging.Domain.Inbound;

namespace MetaMessaging.WebUI.BackOffice;

/// <summary>What the list shows. Times are the reader's, as their browser's fields have them.</summary>
public sealed class DeliveryFilterForm
{
    public WebhookDeliveryState? State { get; set; }

    public string? Object { get; set; }

    public string? AccountId { get; set; }

    public DateTime? From { get; set; }

    public DateTime? To { get; set; }

    public string? Q { get; set; }

    /// <summary>Something beside state and search, so its fields are shown.</summary>
    public bool HasMore => Object is not null || AccountId is not null || From is not null || To is not null;

    public bool IsEmpty => State is null && Q is null && !HasMore;

    /// <summary>What is set beside the state: the field and what it says.</summary>
    internal IReadOnlyList<(string Name, string Words)> Chosen =>
    [
        .. new (string Name, string? Words)[]
        {
            ("q", Q is null ? null : $"“{Q}”"), ("object", Object), ("accountId", AccountId),
            ("from", Words("from", From)), ("to", Words("until", To)),
        }.Where(chosen => chosen.Words is not null).Select(chosen => (chosen.Name, chosen.Words!)),
    ];

    internal Dictionary<string, string> Without(string name)
    {
        var rest = ToRouteValues();
        rest.Remove(name);
        return rest;
    }

    internal ListWebhookDeliveries ToList(TimeZoneInfo zone, string? cursor) => new(State, null, cursor, Object, AccountId, FilterFields.Instant(From, zone), FilterFields.Instant(To, zone), Q);

    internal ReplayWebhookDeliveries ToReplay(TimeZoneInfo zone) => new(null, State, Object, AccountId, FilterFields.Instant(From, zone), FilterFields.Instant(To, zone), Q);

    /// <summary>For links and hidden fields; only what is set.</summary>
    internal Dictionary<string, string> WithState(string? state, params (string Name, string? Value)[] more) => FilterFields.Set(
        [("state", state), ("object", Object), ("accountId", AccountId), ("from", FilterFields.Of(From)), ("to", FilterFields.Of(To)), ("q", Q), .. more]);

    internal Dictionary<string, string> ToRouteValues(params (string Name, string? Value)[] more) => WithState(State?.ToString().ToLowerInvariant(), more);

    private static string? Words(string word, DateTime? local) => local is { } time ? string.Create(CultureInfo.InvariantCulture, $"{word} {time:d MMM yyyy, HH:mm}") : null;
}
