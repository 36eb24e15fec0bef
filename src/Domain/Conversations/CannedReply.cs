using System.Text.RegularExpressions;

namespace MetaMessaging.Domain.Conversations;

/// <summary>A prepared text that agents insert by its shortcut.</summary>
public sealed partial class CannedReply : Entity, IOwnedByOrganization
{
    /// <summary>All of them are sent to the page at once, which filters them while the agent types.</summary>
    public const int MaxPerOrganization = 500;

    public const int MaxNameLength = 100;
    public const int MaxShortcutLength = 32;
    public const int MaxTextLength = MessagingLimits.MaxMessengerTextCharacters;

    /// <summary>Written in double braces in the text, and replaced when the text is inserted.</summary>
    public static readonly IReadOnlyList<string> Placeholders = ["contact.name", "contact.firstName", "agent.name", "page.name"];

    private CannedReply() { }

    public CannedReply(long organizationId, string name, string shortcut, string text, int existing, DateTimeOffset now)
    {
        if (existing >= MaxPerOrganization)
            throw new DomainException(
                "too_many_canned_replies", $"An organization can have {MaxPerOrganization} canned replies. Delete one first.");

        OrganizationId = organizationId;
        CreatedAt = now;
        Change(name, shortcut, text);
    }

    public long OrganizationId { get; private set; }

    public string Name { get; private set; } = "";

    /// <summary>Typed after a slash; stored in lower case.</summary>
    public string Shortcut { get; private set; } = "";

    public string Text { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    public static string NormalizeShortcut(string shortcut) => shortcut.Trim().TrimStart('/').ToLowerInvariant();

    public static bool IsShortcut(string text) => ShortcutShape().IsMatch(NormalizeShortcut(text));

    /// <summary>A misspelled placeholder would be sent to the customer unchanged.</summary>
    public static IEnumerable<string> UnknownPlaceholders(string text) => Placeholder().Matches(text)
        .Select(match => match.Groups["name"].Value.Trim())
        .Where(name => !Placeholders.Contains(name, StringComparer.OrdinalIgnoreCase))
        .Distinct();

    public void Change(string name, string shortcut, string text)
    {
        Name = PlainName.Clean(name)!;
        Shortcut = NormalizeShortcut(shortcut);
        Text = text.Trim();
    }

    /// <summary>An unknown value is replaced by the text after the bar ({{contact.name|you}}), or else by a general word.</summary>
    public string FillIn(PlaceholderValues values) => Placeholder().Replace(Text, match =>
    {
        var name = match.Groups["name"].Value.Trim();
        var alternative = match.Groups["else"];
        return values.Find(name) ?? (alternative.Success ? alternative.Value.Trim() : values.Fallback(name));
    });

    [GeneratedRegex(@"^[\p{L}\p{M}\p{N}_-]{1,32}$")]
    private static partial Regex ShortcutShape();

    [GeneratedRegex(@"\{\{(?<name>[^{}|]*)(\|(?<else>[^{}]*))?\}\}")]
    private static partial Regex Placeholder();
}

/// <summary>The values for a canned reply's placeholders.</summary>
/// <param name="ContactName">Null while the customer's name is unknown.</param>
public sealed record PlaceholderValues(string? ContactName, string? AgentName, string PageName)
{
    internal string? Find(string placeholder) => placeholder.ToLowerInvariant() switch
    {
        "contact.name" => NullIfBlank(ContactName),
        "contact.firstname" => NullIfBlank(ContactName)?.Split(' ', 2)[0],
        "agent.name" => NullIfBlank(AgentName),
        "page.name" => NullIfBlank(PageName),
        _ => null,
    };

    /// <summary>As in “Hi there”; an unknown agent is replaced by the Page.</summary>
    internal string Fallback(string placeholder) =>
        placeholder.StartsWith("contact.", StringComparison.OrdinalIgnoreCase) ? "there" : PageName;

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
