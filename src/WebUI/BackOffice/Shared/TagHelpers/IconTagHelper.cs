using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.TagHelpers;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace MetaMessaging.WebUI.BackOffice.TagHelpers;

/// <summary>An icon of the sprite. It is hidden from screen readers, so a text or a label has to stand beside it.</summary>
[HtmlTargetElement("icon", TagStructure = TagStructure.WithoutEndTag)]
public sealed class IconTagHelper : TagHelper
{
    public string Name { get; set; } = "";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "svg";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.AddClass("icon", HtmlEncoder.Default);
        output.Attributes.SetAttribute("aria-hidden", "true");
        output.Content.AppendHtml(Use(Name));
    }

    internal static TagBuilder Svg(string name, string? cssClass = null)
    {
        var svg = new TagBuilder("svg");
        svg.AddCssClass("icon");
        if (cssClass is not null) svg.AddCssClass(cssClass);
        svg.Attributes["aria-hidden"] = "true";
        svg.InnerHtml.AppendHtml(Use(name));
        return svg;
    }

    private static TagBuilder Use(string name)
    {
        var use = new TagBuilder("use");
        use.Attributes["href"] = $"/lib/tabler-icons/sprite.svg#{name}";
        return use;
    }
}
