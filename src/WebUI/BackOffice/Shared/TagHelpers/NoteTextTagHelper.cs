using MetaMessaging.Application.Conversations;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace MetaMessaging.WebUI.BackOffice.TagHelpers;

/// <summary>The text of an internal note, HTML-encoded, with the mentioned members marked.</summary>
[HtmlTargetElement("note-text", TagStructure = TagStructure.WithoutEndTag)]
public sealed class NoteTextTagHelper : TagHelper
{
    public NoteModel Value { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.Render("p", ("class", "note-text"), ("dir", "auto"));

        // The longest name first: "@Anna Berg" is not "@Anna" with a word behind it.
        var marks = Value.Mentions.Select(m => $"@{m.Name}").OrderByDescending(mark => mark.Length).ToList();
        var text = Value.Text.AsSpan();
        var end = 0;
        for (var start = 0; start < text.Length; start++)
        {
            if (text[start] != '@') continue;
            var rest = Value.Text[start..];
            if (marks.Find(mark => rest.StartsWith(mark, StringComparison.Ordinal)) is not { } found) continue;
            output.Content.Append(text[end..start].ToString());
            output.Content.AppendHtml(Marked(found));
            end = start + found.Length;
            start = end - 1;
        }

        output.Content.Append(text[end..].ToString());
    }

    private static TagBuilder Marked(string mention)
    {
        var mark = new TagBuilder("span");
        mark.AddCssClass("mention");
        mark.InnerHtml.Append(mention);
        return mark;
    }
}
