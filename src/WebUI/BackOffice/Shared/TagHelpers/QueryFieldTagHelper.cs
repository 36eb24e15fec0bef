using System.Text.Json;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace MetaMessaging.WebUI.BackOffice.TagHelpers;

/// <summary>
/// The fields of a form that is sent with GET are named as in the addresses that links use: <c>asp-for="From"</c> becomes <c>from</c>.
/// </summary>
[HtmlTargetElement("input", Attributes = "asp-for")]
[HtmlTargetElement("select", Attributes = "asp-for")]
[HtmlTargetElement("label", Attributes = "asp-for")]
public sealed class QueryFieldTagHelper : TagHelper
{
    private static readonly string[] Names = ["name", "id", "for"];

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (!context.Items.ContainsKey(typeof(QueryFormTagHelper))) return;

        foreach (var name in Names)
        {
            if (output.Attributes[name]?.Value?.ToString() is { } value)
                output.Attributes.SetAttribute(name, JsonNamingPolicy.CamelCase.ConvertName(value));
        }
    }
}

/// <summary>Marks a form that is sent with GET for <see cref="QueryFieldTagHelper"/>.</summary>
[HtmlTargetElement("form", Attributes = "[method=get]")]
public sealed class QueryFormTagHelper : TagHelper
{
    public override void Init(TagHelperContext context) => context.Items[typeof(QueryFormTagHelper)] = true;
}
