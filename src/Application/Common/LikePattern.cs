using System.Text.RegularExpressions;

namespace MetaMessaging.Application.Common;

/// <summary>Patterns for SQL's LIKE, which ignores case on both providers. Wildcards in the search text are escaped.</summary>
internal static partial class LikePattern
{
    public const string Escape = "\\";

    public static string Containing(string text) => $"%{Exactly(text)}%";

    public static string Exactly(string text) => Wildcard().Replace(text, "\\$0");

    [GeneratedRegex(@"[\\%_\[]")]
    private static partial Regex Wildcard();
}
