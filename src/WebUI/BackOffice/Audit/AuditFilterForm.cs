using System.Globalization;
using MetaMessaging.Application.Audit;

namespace MetaMessaging.WebUI.BackOffice;

public sealed class AuditFilterForm : FilterForm
{
    public string? Actor { get; set; }

    /// <summary>The action; MVC keeps that name for the method that is called.</summary>
    public string? What { get; set; }

    public string? Target { get; set; }

    public DateTime? From { get; set; }

    public DateTime? To { get; set; }

    public long? OrganizationId { get; set; }

    public bool IsEmpty => ToRouteValues().Count == 0;

    /// <summary>What is set without a field of the form: by a link in the list.</summary>
    internal IEnumerable<(string Name, string Label)> Chips
    {
        get
        {
            if (Target is { Length: > 0 } target) yield return ("target", $"About {target}");
            if (OrganizationId is { } id) yield return ("organizationId", $"Organization {Format(id)}");
        }
    }

    protected override IEnumerable<(string Name, object? Value)> Parameters =>
        [("actor", Actor), ("what", What), ("target", Target), ("from", From), ("to", To), ("organizationId", OrganizationId)];

    internal ListAuditEntries ToList(TimeZoneInfo zone, string? cursor) =>
        new(Actor, What, Target, ToInstant(From, zone), ToInstant(To, zone), OrganizationId, null, cursor);

    internal Dictionary<string, string> ToApi(TimeZoneInfo zone) =>
        ToRouteValues(("what", null), ("action", What), ("from", Iso(ToInstant(From, zone))), ("to", Iso(ToInstant(To, zone))));

    private static string? Iso(DateTimeOffset? at) => at?.UtcDateTime.ToString(ApiJson.TimeFormat, CultureInfo.InvariantCulture);
}
