using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace MetaMessaging.WebUI.BackOffice.TagHelpers;

/// <summary>What somebody wrote, with web addresses as links. Everything is encoded.</summary>
[HtmlTargetElement("message-text", TagStructure = TagStructure.WithoutEndTag)]
public sealed partial class MessageTextTagHelper : TagHelper
{
    public string? Value { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "p";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "message-text");
        output.Attributes.SetAttribute("dir", "auto");

        var text = Value ?? "";
        var done = 0;
        foreach (var address in Address().EnumerateMatches(text))
        {
            output.Content.Append(text[done..address.Index]);
            output.Content.AppendHtml(Link(text.Substring(address.Index, address.Length)));
            done = address.Index + address.Length;
        }

        output.Content.Append(text[done..]);
    }

    private static TagBuilder Link(string address)
    {
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
