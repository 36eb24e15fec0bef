using Microsoft.AspNetCore.Razor.TagHelpers;

namespace MetaMessaging.WebUI.BackOffice.TagHelpers;

/// <summary>A card with a heading.</summary>
public sealed class HeadedCardTagHelper : TagHelper
{
    public string Heading { get; set; } = "";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.Render("section", ("class", "card"));
        output.PreContent.AppendHtml("<div class=\"card-section\"><h2>").Append(Heading).AppendHtml("</h2>");
        output.PostContent.AppendHtml("</div>");
    }
}
