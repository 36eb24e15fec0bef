using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace MetaMessaging.WebUI.BackOffice.TagHelpers;

/// <summary>The channel's logo. Its name is visible with a label, and otherwise for screen readers only.</summary>
[HtmlTargetElement("channel-badge", TagStructure = TagStructure.WithoutEndTag)]
public sealed class ChannelBadgeTagHelper : TagHelper
{
    public Channel Channel { get; set; }

    public bool Label { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.Render("span", ("class", "channel-badge"));
        output.Content.AppendHtml(Logo(Channel));

        var name = new TagBuilder("span");
        if (!Label) name.AddCssClass("visually-hidden");
        name.InnerHtml.Append(ChannelLabels.Name(Channel));
        output.Content.AppendHtml(name);
    }

    internal static TagBuilder Logo(Channel channel)
    {
        var logo = new TagBuilder("span");
        logo.AddCssClass($"channel-mark channel-{ChannelLabels.Name(channel).ToLowerInvariant()}");
        logo.InnerHtml.AppendHtml(IconTagHelper.Svg(ChannelLabels.Icon(channel)));
        return logo;
    }
}
