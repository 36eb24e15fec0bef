namespace MetaMessaging.Application.Outbound;

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
            template.RuleFor(t => t.Text).IsVisibleText().AtMostCharacters(MaxTextLength);
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
        element.RuleFor(e => e.Title).IsVisibleText().AtMostCharacters(MaxTitleLength);
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
        button.RuleFor(b => b.Title).IsVisibleText().AtMostCharacters(MaxButtonTitleLength);
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
