using System.Text.RegularExpressions;

namespace MetaMessaging.Application.Common;

/// <summary>Search text for SQL's LIKE, which ignores case on both providers; what people type is never a wildcard.</summary>
internal static partial class LikePattern
{
    public const string Escape = "\\";

    public static string Containing(string text) => $"%{Wildcard().Replace(text, "\\$0")}%";

    [GeneratedRegex(@"[\\%_\[]")]
    private static partial Regex Wildcard();
}
