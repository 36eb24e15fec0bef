using System.Text.RegularExpressions;
using MetaMessaging.Domain.Common;

namespace MetaMessaging.Domain.Conversations;

/// <summary>A text that agents call up by its shortcut instead of writing it again.</summary>
public sealed partial class CannedReply : Entity, IOwnedByOrganization
{
    /// <summary>As many as can be offered at once, while somebody types.</summary>
    public const int MaxPerOrganization = 500;

    public const int MaxNameLength = 100;
    public const int MaxShortcutLength = 32;
    public const int MaxTextLength = MessagingLimits.MaxMessengerTextCharacters;

    /// <summary>What a text may leave open, in double braces.</summary>
    public static readonly IReadOnlyList<string> Placeholders = ["contact.name", "contact.firstName", "agent.name", "page.name"];

    private CannedReply() { }

    /// <exception cref="DomainException">too_many_canned_replies</exception>
    public CannedReply(long organizationId, string name, string shortcut, string text, int existing, DateTimeOffset now)
    {
        if (existing >= MaxPerOrganization) throw new DomainException("too_many_canned_replies", $"There are {MaxPerOrganization} canned replies; delete one first.");

        OrganizationId = organizationId;
        CreatedAt = now;
        Change(name, shortcut, text);
    }

    public long OrganizationId { get; private set; }

    public string Name { get; private set; } = "";

    /// <summary>What is typed after the slash, in small letters.</summary>
    public string Shortcut { get; private set; } = "";

    public string Text { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    public static string NormalizeShortcut(string shortcut) => shortcut.Trim().TrimStart('/').ToLowerInvariant();

    public static bool IsShortcut(string text) => ShortcutShape().IsMatch(NormalizeShortcut(text));

    /// <summary>A placeholder with a typo would reach the customer as it stands.</summary>
    public static IEnumerable<string> UnknownPlaceholders(string text) => Placeholder().Matches(text)
        .Select(match => match.Groups["name"].Value.Trim())
        .Where(name => !Placeholders.Contains(name, StringComparer.OrdinalIgnoreCase))
        .Distinct();

    public void Change(string name, string shortcut, string text)
    {
        Name = name.Trim();
        Shortcut = NormalizeShortcut(shortcut);
        Text = text.Trim();
    }

    /// <summary>The text as the customer gets it. What is not known is replaced by what stands behind its bar, or else by something that reads well.</summary>
    public string FillIn(PlaceholderValues words) => Placeholder().Replace(Text, match =>
        words.Find(match.Groups["name"].Value.Trim()) ?? (match.Groups["else"].Success ? match.Groups["else"].Value.Trim() : words.Fallback(match.Groups["name"].Value.Trim())));

    [GeneratedRegex(@"^[\p{L}\p{M}\p{N}_-]{1,32}$")]
    private static partial Regex ShortcutShape();

    [GeneratedRegex(@"\{\{(?<name>[^{}|]*)(\|(?<else>[^{}]*))?\}\}")]
    private static partial Regex Placeholder();
}

/// <summary>What goes into a canned reply's placeholders.</summary>
/// <param name="ContactName">Null while nobody knows the customer's name.</param>
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

    /// <summary>“Hi there”, signed by the Page.</summary>
    internal string Fallback(string placeholder) => placeholder.StartsWith("contact.", StringComparison.OrdinalIgnoreCase) ? "there" : PageName;

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
