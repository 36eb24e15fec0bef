using System.Globalization;
using MetaMessaging.Application.Connections;
using MetaMessaging.Application.Operations;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace MetaMessaging.WebUI.BackOffice;

public sealed class DeliveryFilterForm : FilterForm
{
    public WebhookDeliveryState? State { get; set; }

    public string? Object { get; set; }

    public string? AccountId { get; set; }

    public DateTime? From { get; set; }

    public DateTime? To { get; set; }

    public string? Q { get; set; }

    /// <summary>The connected Pages, whose ids the form suggests.</summary>
    internal IReadOnlyList<ConnectionModel> Connections { get; set; } = [];

    internal IEnumerable<SelectListItem> Objects
    {
        get
        {
            SelectListItem[] known = [new("Messenger (page)", "page"), new("Instagram", "instagram")];
            return Object is null or "page" or "instagram" ? known : [.. known, new(Object, Object)];
        }
    }

    public bool IsEmpty => ToRouteValues().Count == 0;

    public bool HasOnlyState => ToRouteValues(("state", null)).Count == 0;

    /// <summary>What is set in addition to the state, each with its parameter and as the page shows it.</summary>
    internal IEnumerable<(string Name, string Label)> Chips =>
        from chip in new (string Name, string? Label)[]
        {
            ("q", Q is null ? null : $"“{Q}”"), ("object", Object), ("accountId", AccountId), ("from", Label("from", From)),
            ("to", Label("until", To)),
        }
        where chip.Label is not null
        select (chip.Name, chip.Label!);

    protected override IEnumerable<(string Name, object? Value)> Parameters =>
        [("state", State), ("object", Object), ("accountId", AccountId), ("from", From), ("to", To), ("q", Q)];

    internal ListWebhookDeliveries ToList(TimeZoneInfo zone, string? cursor) =>
        new(State, null, cursor, Object, AccountId, ToInstant(From, zone), ToInstant(To, zone), Q);

    internal ReplayWebhookDeliveries ToReplay(TimeZoneInfo zone) =>
        new(null, State, Object, AccountId, ToInstant(From, zone), ToInstant(To, zone), Q);

    private static string? Label(string preposition, DateTime? local) =>
        local is { } time ? string.Create(CultureInfo.InvariantCulture, $"{preposition} {time:d MMM yyyy, HH:mm}") : null;
}
