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
        var title = Type is ButtonType ? Text : Elements![0].Title;
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

internal static class TemplateRules
{
    private const int MaxTextLength = 640;
    private const int MaxTitleLength = 80;
    private const int MaxElements = 10;
    private const int MaxButtons = 3;
    private const int MaxButtonTitleLength = 20;
    private const int MaxPayloadLength = 1000;
    private const int MaxUrlLength = 2000;

    public static void Check(InlineValidator<Template> template)
    {
        template.RuleFor(t => t.Type).Must(type => type is Template.ButtonType or Template.GenericType)
            .WithMessage("The type of a template is button or generic.");
        template.When(t => t.Type is Template.ButtonType, () =>
        {
            template.RuleFor(t => t.Text).NotEmpty().AtMostCharacters(MaxTextLength);
            template.RuleFor(t => t.Buttons).NotEmpty();
            template.RuleFor(t => t.Buttons).Must(HasUpToMaxButtons).WithMessage($"Meta accepts {MaxButtons} buttons at most.");
            template.RuleForEach(t => t.Buttons).NotNull().ChildRules(CheckButton);
            template.RuleFor(t => t.Elements).Empty().WithMessage("A button template has a text and buttons, and no elements.");
        });
        template.When(t => t.Type is Template.GenericType, () =>
        {
            template.RuleFor(t => t.Elements).NotEmpty();
            template.RuleFor(t => t.Elements).Must(elements => elements is null || elements.Count <= MaxElements)
                .WithMessage($"Meta accepts {MaxElements} elements at most.");
            template.RuleForEach(t => t.Elements).NotNull().ChildRules(CheckElement);
            template.RuleFor(t => t.Text).Empty()
                .WithMessage("A generic template has elements; send a text before it in the property text of the request.");
            template.RuleFor(t => t.Buttons).Empty().WithMessage("The buttons of a generic template belong to its elements.");
        });
    }

    private static void CheckElement(InlineValidator<TemplateElement> element)
    {
        element.RuleFor(e => e.Title).NotEmpty().AtMostCharacters(MaxTitleLength);
        element.RuleFor(e => e.Subtitle).AtMostCharacters(MaxTitleLength);
        element.RuleFor(e => e.ImageUrl).Must(IsWebAddress).WithMessage("An address begins with https:// or http://.");
        element.RuleFor(e => e.DefaultActionUrl).Must(IsWebAddress).WithMessage("An address begins with https:// or http://.");
        element.RuleFor(e => e.Buttons).Must(HasUpToMaxButtons).WithMessage($"Meta accepts {MaxButtons} buttons at most on an element.");
        element.RuleForEach(e => e.Buttons).NotNull().ChildRules(CheckButton);
        element.RuleFor(e => e.Title)
            .Must((e, _) => e.Subtitle is not null || e.ImageUrl is not null || e.DefaultActionUrl is not null || e.Buttons?.Count > 0)
            .WithMessage("Meta refuses an element that has only a title: add a subtitle, a picture, an address or a button.");
    }

    private static void CheckButton(InlineValidator<TemplateButton> button)
    {
        button.RuleFor(b => b.Type).Must(type => type is TemplateButton.WebUrl or TemplateButton.Postback or TemplateButton.PhoneNumber)
            .WithMessage("The type of a button is web_url, postback or phone_number.");
        button.RuleFor(b => b.Title).NotEmpty().AtMostCharacters(MaxButtonTitleLength);
        button.RuleFor(b => b.Url).NotEmpty().Must(IsWebAddress)
            .WithMessage("A web_url button leads to an address that begins with https:// or http://.")
            .When(b => b.Type is TemplateButton.WebUrl);
        button.RuleFor(b => b.Payload).NotEmpty().AtMostCharacters(MaxPayloadLength).When(b => b.Type is TemplateButton.Postback);
        button.RuleFor(b => b.Payload).NotEmpty().Matches(@"^\+[0-9]{5,20}$")
            .WithMessage("A phone_number button has a number as its payload, such as +16505551234.")
            .When(b => b.Type is TemplateButton.PhoneNumber);
    }

    private static bool HasUpToMaxButtons(IReadOnlyList<TemplateButton>? buttons) => buttons is null || buttons.Count <= MaxButtons;

    private static bool IsWebAddress(string? address) => address is null
        || (address.Length <= MaxUrlLength
            && Uri.TryCreate(address, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp));
}
