using System.Text.RegularExpressions;

namespace MetaMessaging.Domain.Common;

/// <summary>
/// Names come from strangers: control characters would break lines of logs and mails, and direction marks (U+202E) would show a name
/// or the text beside it backwards.
/// </summary>
public static partial class PlainName
{
    /// <returns>Null when nothing remains.</returns>
    public static string? Clean(string? name) =>
        name is not null && Unwanted().Replace(name, "").Trim() is var clean && !VisibleText.IsBlank(clean) ? clean : null;

    [GeneratedRegex(@"[\u0000-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]")]
    private static partial Regex Unwanted();
}
