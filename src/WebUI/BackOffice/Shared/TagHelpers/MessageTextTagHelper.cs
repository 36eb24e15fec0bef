using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace MetaMessaging.WebUI.BackOffice.TagHelpers;

/// <summary>The text of a message, HTML-encoded, with web addresses as links.</summary>
[HtmlTargetElement("message-text", TagStructure = TagStructure.WithoutEndTag)]
public sealed partial class MessageTextTagHelper : TagHelper
{
    public string? Value { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.Render("p", ("class", "message-text"), ("dir", "auto"));

        var text = Value ?? "";
        var end = 0;
        foreach (var address in Address().EnumerateMatches(text))
        {
            output.Content.Append(text[end..address.Index]);
            output.Content.AppendHtml(Link(text.Substring(address.Index, address.Length)));
            end = address.Index + address.Length;
        }

        output.Content.Append(text[end..]);
    }

    private static TagBuilder Link(string written)
    {
        var address = LinkShim.TargetOf(written)!;
        var link = new TagBuilder("a");
        link.Attributes["href"] = address;
        link.Attributes["target"] = "_blank";
        link.Attributes["rel"] = "noopener noreferrer nofollow";
        link.InnerHtml.Append(address);
        return link;
    }

    [GeneratedRegex(@"https?://[^\s<>""]*[^\s<>"".,;:!?)\]}']", RegexOptions.IgnoreCase)]
    private static partial Regex Address();
}
