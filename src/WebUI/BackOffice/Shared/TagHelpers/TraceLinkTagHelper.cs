using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace MetaMessaging.WebUI.BackOffice.TagHelpers;

/// <summary>The link from a message to its trace. Only the ops role sees it.</summary>
[HtmlTargetElement("trace-link", TagStructure = TagStructure.WithoutEndTag)]
public sealed class TraceLinkTagHelper : TagHelper
{
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    public long MessageId { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (!ViewContext.HttpContext.User.IsInRole(Policies.Ops))
        {
            output.SuppressOutput();
            return;
        }

        const string Title = "Where this message came from";
        output.Render(
            "a", ("class", "trace-link"), ("href", $"/ops/messages/{MessageId}"), ("title", Title), ("aria-label", Title),
            ("data-trace", MessageId));
        output.Content.AppendHtml(IconTagHelper.Svg("webhook"));
    }
}
