using System.Text.Json.Nodes;

namespace MetaMessaging.Application.Outbound;

/// <summary>Buttons below a text, or cards (platform reference, Send API → Quick replies, templates, sender actions).</summary>
/// <param name="Type">button, with a text and its buttons, or generic, with elements.</param>
public sealed record Template(
    string? Type, string? Text = null, IReadOnlyList<TemplateButton>? Buttons = null, IReadOnlyList<TemplateElement>? Elements = null)
{
    internal const string ButtonType = "button";
    internal const string GenericType = "generic";

    internal MessageTemplate ToDomain()
    {
        var payload = Type is ButtonType
            ? new JsonObject { ["template_type"] = ButtonType, ["text"] = Text, ["buttons"] = TemplateButton.ToJson(Buttons!) }
            : new JsonObject { ["template_type"] = GenericType, ["elements"] = new JsonArray([.. Elements!.Select(e => e.ToJson())]) };
        var title = Type is ButtonType ? Text : MessageTemplate.TitleOf(Elements!.Select(e => e.Title));
        var buttons = (Buttons ?? []).Concat((Elements ?? []).SelectMany(e => e.Buttons ?? []));
        return new MessageTemplate(title!, payload.ToJsonString(JsonSerializerOptions.Web), buttons.Select(b => b.Type!).ToHashSet());
    }
}

/// <summary>A card.</summary>
/// <param name="DefaultActionUrl">The address that a tap on the card opens.</param>
public sealed record TemplateElement(
    string? Title, string? Subtitle = null, string? ImageUrl = null, string? DefaultActionUrl = null,
    IReadOnlyList<TemplateButton>? Buttons = null)
{
    internal JsonNode ToJson()
    {
        var element = new JsonObject { ["title"] = Title };
        if (Subtitle is not null) element["subtitle"] = Subtitle;
        if (ImageUrl is not null) element["image_url"] = ImageUrl;
        if (DefaultActionUrl is not null)
            element["default_action"] = new JsonObject { ["type"] = TemplateButton.WebUrl, ["url"] = DefaultActionUrl };
        if (Buttons is { Count: > 0 }) element["buttons"] = TemplateButton.ToJson(Buttons);
        return element;
    }
}

/// <param name="Type">Meta's type: web_url with a url, postback or phone_number with a payload.</param>
public sealed record TemplateButton(string? Type, string? Title, string? Url = null, string? Payload = null)
{
    internal const string WebUrl = "web_url";
    internal const string Postback = "postback";
    internal const string PhoneNumber = "phone_number";

    internal static JsonArray ToJson(IEnumerable<TemplateButton> buttons) => [.. buttons.Select(b => b.ToJson())];

    private JsonObject ToJson()
    {
        var button = new JsonObject { ["type"] = Type, ["title"] = Title };
        if (Type is WebUrl) button["url"] = Url;
        else button["payload"] = Payload;
        return button;
    }
}
