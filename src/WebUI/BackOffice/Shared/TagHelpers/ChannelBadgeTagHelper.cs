using MetaMessaging.Domain.Common;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace MetaMessaging.WebUI.BackOffice.TagHelpers;

/// <summary>The channel's mark. With a label its name is seen, without it is heard.</summary>
[HtmlTargetElement("channel-badge", TagStructure = TagStructure.WithoutEndTag)]
public sealed class ChannelBadgeTagHelper : TagHelper
{
    public Channel Channel { get; set; }

    public bool Label { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "channel-badge");
        output.Content.AppendHtml(Mark(Channel));

        var name = new TagBuilder("span");
        if (!Label) name.AddCssClass("visually-hidden");
        name.InnerHtml.Append(Name(Channel));
        output.Content.AppendHtml(name);
    }

    internal static string Name(Channel channel) => channel is Channel.FacebookMessenger ? "Messenger" : "Instagram";

    internal static TagBuilder Mark(Channel channel)
    {
        var mark = new TagBuilder("span");
        mark.AddCssClass(channel is Channel.FacebookMessenger ? "channel-mark channel-messenger" : "channel-mark channel-instagram");
        mark.InnerHtml.AppendHtml(IconTagHelper.Svg(channel is Channel.FacebookMessenger ? "brand-messenger" : "brand-instagram"));
        return mark;
    }
}
