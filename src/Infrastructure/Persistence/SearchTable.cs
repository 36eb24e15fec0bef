namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>A table whose rows the search finds.</summary>
/// <param name="OccurredAt">The columns that messages are filtered by; null in other tables.</param>
internal sealed record SearchTable(SearchSource Source, string Name, string? OccurredAt, string? Channel, string Text, string? MoreText)
{
    public static readonly IReadOnlyList<SearchTable> All =
    [
        new(SearchSource.Message, "messages", "occurred_at", "channel", "text", "postback_title"),
        new(SearchSource.ContactName, "contacts", null, null, "name", null),
        new(SearchSource.FacebookIdentity, "contact_facebook", null, null, "psid", null),
        new(SearchSource.InstagramIdentity, "contact_instagram", null, null, "username", "igsid"),
        new(SearchSource.Note, "notes", null, null, "text", null),
        new(SearchSource.Attachment, "message_attachments", null, null, "title", "file_name"),
    ];

    public IReadOnlyList<string?> Columns => [OccurredAt, Channel, Text, MoreText];

    public static SearchTable Of(SearchSource source) => All.Single(table => table.Source == source);
}
