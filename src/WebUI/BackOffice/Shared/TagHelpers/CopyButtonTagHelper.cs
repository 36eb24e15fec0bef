using Microsoft.AspNetCore.Razor.TagHelpers;

namespace MetaMessaging.WebUI.BackOffice.TagHelpers;

/// <summary>A button that copies the element with the same <c>data-copy-source</c>. It needs a script.</summary>
[HtmlTargetElement("copy-button", TagStructure = TagStructure.WithoutEndTag)]
public sealed class CopyButtonTagHelper : TagHelper
{
    public string Source { get; set; } = "";

    public string Label { get; set; } = "";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.Render(
            "button", ("class", "icon-button icon-button-small"), ("type", "button"), ("data-copy", Source), ("aria-label", Label),
            ("data-script-only", ""));
        output.Content.AppendHtml(IconTagHelper.Svg("copy"));
    }
}
