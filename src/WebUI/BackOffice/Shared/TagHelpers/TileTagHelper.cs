using Microsoft.AspNetCore.Razor.TagHelpers;

namespace MetaMessaging.WebUI.BackOffice.TagHelpers;

/// <summary>A figure with its name, in a list of tiles.</summary>
public sealed class TileTagHelper : TagHelper
{
    public string Icon { get; set; } = "";

    public string Label { get; set; } = "";

    public bool Bad { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.Render("div", ("class", Bad ? "tile card tile-bad" : "tile card"));
        output.PreContent.AppendHtml("<dt>").AppendHtml(IconTagHelper.Svg(Icon)).Append($" {Label}").AppendHtml("</dt><dd>");
        output.PostContent.AppendHtml("</dd>");
    }
}
