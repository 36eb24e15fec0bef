using Microsoft.AspNetCore.Razor.TagHelpers;

namespace MetaMessaging.WebUI.BackOffice.TagHelpers;

internal static class TagHelperOutputExtensions
{
    /// <summary>Renders the element in place of the tag, without the attributes that are null.</summary>
    public static void Render(this TagHelperOutput output, string element, params (string Name, object? Value)[] attributes)
    {
        (output.TagName, output.TagMode) = (element, TagMode.StartTagAndEndTag);
        foreach (var (name, value) in attributes.Where(a => a.Value is not null)) output.Attributes.SetAttribute(name, value);
    }
}
