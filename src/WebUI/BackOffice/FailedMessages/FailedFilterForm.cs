using MetaMessaging.Application.Connections;
using MetaMessaging.Application.Conversations;
using MetaMessaging.Application.Outbound;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace MetaMessaging.WebUI.BackOffice;

public sealed class FailedFilterForm : FilterForm
{
    public Channel? Channel { get; set; }

    public long? ConnectionId { get; set; }

    public RefusalClass? Class { get; set; }

    public DateTime? From { get; set; }

    public DateTime? To { get; set; }

    /// <summary>The Pages to choose from.</summary>
    internal IReadOnlyList<ConnectionModel> Connections { get; set; } = [];

    internal IEnumerable<SelectListItem> Pages =>
        Connections.Select(connection => new SelectListItem(connection.PageName, Format(connection.Id)));

    // Profiles are only read: no message fails with this class.
    internal static IEnumerable<SelectListItem> Classes => Enum.GetValues<RefusalClass>()
        .Where(refusal => refusal is not RefusalClass.Profile)
        .Select(refusal => new SelectListItem(RefusalLabels.Name(refusal), Format(refusal)));

    public bool IsEmpty => ToRouteValues().Count == 0;

    protected override IEnumerable<(string Name, object? Value)> Parameters =>
        [("channel", Channel), ("connectionId", ConnectionId), ("class", Class), ("from", From), ("to", To)];

    internal ListFailedMessages ToList(TimeZoneInfo zone, string? cursor) =>
        new(MessageStatus.Failed, Channel, ConnectionId, Class, ToInstant(From, zone), ToInstant(To, zone), Cursor: cursor);

    internal RetryMessages ToRetry(TimeZoneInfo zone) =>
        new(null, All: true, Channel, ConnectionId, Class, ToInstant(From, zone), ToInstant(To, zone));
}
