using Microsoft.AspNetCore.Razor.TagHelpers;

namespace MetaMessaging.WebUI.BackOffice.TagHelpers;

/// <summary>A button that copies the element with the same <c>data-copy-source</c>. It needs a script, and copy.js shows it.</summary>
[HtmlTargetElement("copy-button", TagStructure = TagStructure.WithoutEndTag)]
public sealed class CopyButtonTagHelper : TagHelper
{
    public string Source { get; set; } = "";

    public string Label { get; set; } = "";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "button";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "icon-button icon-button-small");
        output.Attributes.SetAttribute("type", "button");
        output.Attributes.SetAttribute("data-copy", Source);
        output.Attributes.SetAttribute("aria-label", Label);
        output.Attributes.SetAttribute("hidden", "hidden");
        output.Content.AppendHtml(IconTagHelper.Svg("copy"));
    }
}
