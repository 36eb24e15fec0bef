using System.Globalization;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace MetaMessaging.WebUI.BackOffice.TagHelpers;

/// <summary>A time, written in UTC; times.js shows it in the reader's time zone and format.</summary>
[HtmlTargetElement("local-time", TagStructure = TagStructure.WithoutEndTag)]
public sealed class LocalTimeTagHelper : TagHelper
{
    public DateTimeOffset? Value { get; set; }

    public TimeFormat Format { get; set; }

    public string? Before { get; set; }

    /// <summary>What is shown in place of a time that is not known; nothing without it.</summary>
    public string? None { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (Value is not { } at)
        {
            output.TagName = null;
            output.Content.SetContent(None ?? "");
            return;
        }

        if (Before is not null) output.PreElement.SetContent($"{Before} ");
        output.Render("time", ("datetime", Iso(at)), ("data-local-time", Format.ToString().ToLowerInvariant()));
        output.Content.SetContent(at.UtcDateTime.ToString(UtcFormat(Format), CultureInfo.InvariantCulture));
    }

    private static string UtcFormat(TimeFormat format) => format switch
    {
        TimeFormat.Short => "d MMM",
        TimeFormat.Time => "d MMM, HH:mm 'UTC'",
        TimeFormat.Exact => "d MMM yyyy, HH:mm:ss.fff 'UTC'",
        _ => "d MMM yyyy, HH:mm 'UTC'",
    };

    internal static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

public enum TimeFormat
{
    /// <summary>3 May 2026, 14:05</summary>
    Full,

    /// <summary>14:05</summary>
    Time,

    /// <summary>now, 5 min, 14:05, Tue or 3 May, depending on the age</summary>
    Short,

    /// <summary>5 minutes ago</summary>
    Relative,

    /// <summary>3 May 2026, 14:05:06.007</summary>
    Exact,
}
