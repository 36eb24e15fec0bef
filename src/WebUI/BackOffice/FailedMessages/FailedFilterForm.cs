using System.Globalization;
using System.Text.Json;
using MetaMessaging.Application.Conversations;
using MetaMessaging.Application.Outbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;

namespace MetaMessaging.WebUI.BackOffice;

/// <summary>Which failed messages the list shows. Times are the reader's, as their browser's fields have them.</summary>
public sealed class FailedFilterForm
{
    public Channel? Channel { get; set; }

    public long? ConnectionId { get; set; }

    public RefusalClass? Class { get; set; }

    public DateTime? From { get; set; }

    public DateTime? To { get; set; }

    public bool IsEmpty => ToRouteValues().Count == 0;

    internal ListFailedMessages ToList(TimeZoneInfo zone, string? cursor) =>
        new(MessageStatus.Failed, Channel, ConnectionId, Class, FilterFields.Instant(From, zone), FilterFields.Instant(To, zone), Cursor: cursor);

    internal RetryMessages ToRetry(TimeZoneInfo zone) => new(null, All: true, Channel, ConnectionId, Class, FilterFields.Instant(From, zone), FilterFields.Instant(To, zone));

    /// <summary>For links and hidden fields; only what is set.</summary>
    internal Dictionary<string, string> ToRouteValues(params (string Name, string? Value)[] more) => FilterFields.Set(
    [
        ("channel", Word(Channel)), ("connectionId", ConnectionId?.ToString(CultureInfo.InvariantCulture)), ("class", Word(Class)),
        ("from", FilterFields.Of(From)), ("to", FilterFields.Of(To)), .. more,
    ]);

    internal Dictionary<string, string> WithChannel(Channel? channel)
    {
        var values = ToRouteValues();
        values.Remove("channel");
        if (Word(channel) is { } word) values["channel"] = word;
        return values;
    }

    internal static string? Word(Enum? value) => value is null ? null : JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
