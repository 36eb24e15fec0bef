using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.BackOffice;

public sealed class InboxFilter : FilterForm
{
    public Channel? Channel { get; set; }

    public InboxStatus Status { get; set; }

    public InboxAssignee? Assignee { get; set; }

    public bool Unread { get; set; }

    public bool Mentioned { get; set; }

    public string? Q { get; set; }

    public bool IsEmpty => ToRouteValues().Count == 0;

    protected override IEnumerable<(string Name, object? Value)> Parameters =>
    [
        ("channel", Channel), ("status", UnlessDefault(Status)), ("assignee", Assignee), ("unread", Unread), ("mentioned", Mentioned),
        ("q", Q?.Trim()),
    ];

    internal Dictionary<string, string> With(InboxStatus status) => ToRouteValues(("status", UnlessDefault(status)));

    internal Dictionary<string, string> Toggle(InboxAssignee assignee) =>
        ToRouteValues(("assignee", Assignee == assignee ? null : assignee));

    internal ListConversations ToRequest(string? cursor = null, long? id = null) => new(
        Channel,
        Status is InboxStatus.All || Mentioned ? null : Enum.Parse<ConversationStatus>(Status.ToString()),
        Assignee?.ToString().ToLowerInvariant(), Unread ? true : null, string.IsNullOrWhiteSpace(Q) ? null : Q.Trim(), Limit: 30,
        Cursor: cursor, Id: id, Mentioned: Mentioned ? true : null, QInMessages: false);

    /// <summary>The messages with the words of the search, in every conversation: whoever searches does not know where they are.</summary>
    /// <returns>Null without a search.</returns>
    internal SearchInbox? ToSearch(string? cursor = null) => string.IsNullOrWhiteSpace(Q)
        ? null
        : new SearchInbox(Q.Trim(), SearchIn.Messages, Channel, Limit: 20, Cursor: cursor);

    private static object? UnlessDefault(InboxStatus status) => status is InboxStatus.Open ? null : status;
}

public enum InboxStatus
{
    Open,
    Snoozed,
    Closed,
    All,
}

public enum InboxAssignee
{
    Me,
    None,
}
