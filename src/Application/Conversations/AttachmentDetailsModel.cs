namespace MetaMessaging.Application.Conversations;

/// <summary>The content of an attachment besides its address and title (platform reference, Webhooks → Inbound messages).</summary>
/// <param name="Cards">Of templates and shared products.</param>
public sealed record AttachmentDetailsModel(IReadOnlyList<CardModel> Cards, PlaceModel? Place, BookingModel? Booking)
{
    internal static AttachmentDetailsModel? Parse(string? json)
    {
        if (json is null) return null;

        var payload = JsonElement.Parse(json);
        var details = new AttachmentDetailsModel(
            CardModel.Of(payload), PlaceModel.Of(payload.Member("coordinates")), BookingModel.Of(payload));
        return details is { Cards.Count: 0, Place: null, Booking: null } ? null : details;
    }
}

/// <param name="Url">The address that the card opens.</param>
public sealed record CardModel(string? Title, string? Subtitle, string? ImageUrl, string? Url, IReadOnlyList<ButtonModel> Buttons)
{
    internal static List<CardModel> Of(JsonElement payload)
    {
        List<CardModel> cards = [.. payload.Cards().Select(element => new CardModel(
            PlainName.Clean(element.Text("title")), element.Text("subtitle"), element.Text("image_url"),
            LinkShim.TargetOf(element.Member("default_action").Text("url") ?? element.Text("url")), ButtonsOf(element)))];
        if (cards.Count == 0 && payload.Has("buttons"))
            cards.Add(new CardModel(payload.Text("text"), null, null, null, ButtonsOf(payload)));
        return cards;
    }

    private static List<ButtonModel> ButtonsOf(JsonElement element) => [.. element.Items("buttons").Select(button => new ButtonModel(
        button.Text("type"), PlainName.Clean(button.Text("title")), LinkShim.TargetOf(button.Text("url")), button.Text("payload")))];
}

/// <param name="Type">web_url, postback, phone_number, or another of Meta's types.</param>
/// <param name="Url">The address that a web_url button opens.</param>
public sealed record ButtonModel(string? Type, string? Title, string? Url, string? Payload);

public sealed record PlaceModel(double Latitude, double Longitude)
{
    internal static PlaceModel? Of(JsonElement coordinates) =>
        Degrees(coordinates, "lat") is { } latitude && Degrees(coordinates, "long") is { } longitude
            ? new PlaceModel(latitude, longitude)
            : null;

    private static double? Degrees(JsonElement coordinates, string name) =>
        double.TryParse(coordinates.Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : null;
}

/// <param name="Status">requested, confirmed, declined or cancelled.</param>
public sealed record BookingModel(string? Status, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt, string? TimeZone)
{
    internal static BookingModel? Of(JsonElement payload) => payload.Has("booking_id")
        ? new BookingModel(payload.Text("status"), payload.Time("start_time"), payload.Time("end_time"), payload.Text("timezone"))
        : null;
}
