using System.Globalization;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace MetaMessaging.WebUI.BackOffice.TagHelpers;

/// <summary>A contact's picture, or the initials on a colour that follows from the name. Screen readers skip it.</summary>
[HtmlTargetElement("contact-avatar", TagStructure = TagStructure.WithoutEndTag)]
public sealed class ContactAvatarTagHelper : TagHelper
{
    private const int Colours = 8;

    public string Name { get; set; } = "";

    public string? Url { get; set; }

    /// <summary>sm, md or lg.</summary>
    public string Size { get; set; } = "md";

    public Channel? Channel { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var classes = $"contact-avatar contact-avatar-{Size} contact-colour-{Colour(Name)}";
        output.Render("span", ("class", classes), ("aria-hidden", "true"), ("data-avatar", ""));
        output.Content.Append(Initials(Name));   // the picture covers them when it has loaded
        if (Url is not null) output.Content.AppendHtml(Picture(Url));
        if (Channel is { } channel) output.Content.AppendHtml(ChannelBadgeTagHelper.Logo(channel));
    }

    private static TagBuilder Picture(string url)
    {
        var picture = new TagBuilder("img") { TagRenderMode = TagRenderMode.SelfClosing };
        picture.Attributes["src"] = url;
        picture.Attributes["alt"] = "";
        picture.Attributes["loading"] = "lazy";
        return picture;
    }

    private static string Initials(string name)
    {
        var words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words.Length switch
        {
            0 => "?",
            1 => First(words[0]),
            _ => First(words[0]) + First(words[^1]),
        };
    }

    /// <summary>The first grapheme, which may be several code units: an emoji, or a letter with an accent.</summary>
    private static string First(string word) => StringInfo.GetNextTextElement(word).ToUpper(CultureInfo.InvariantCulture);

    private static int Colour(string name) => name.Aggregate(0, (sum, letter) => ((sum * 31) + letter) & 0xFFFFFF) % Colours;
}
