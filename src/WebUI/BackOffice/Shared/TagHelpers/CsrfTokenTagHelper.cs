using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace MetaMessaging.WebUI.BackOffice.TagHelpers;

/// <summary>The antiforgery token that scripts send with their requests: <c>&lt;meta name="csrf-token"&gt;</c>.</summary>
[HtmlTargetElement("csrf-token", TagStructure = TagStructure.WithoutEndTag)]
public sealed class CsrfTokenTagHelper(IAntiforgery antiforgery) : TagHelper
{
    [HtmlAttributeNotBound]
    [ViewContext]
    public ViewContext ViewContext { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "meta";
        output.TagMode = TagMode.SelfClosing;
        output.Attributes.SetAttribute("name", "csrf-token");
        output.Attributes.SetAttribute("content", antiforgery.GetAndStoreTokens(ViewContext.HttpContext).RequestToken);
    }
}
