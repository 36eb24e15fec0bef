using System.Text.Json;
using MetaMessaging.Application.Conversations;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;

namespace MetaMessaging.WebUI.BackOffice;

/// <summary>Which conversations the list shows. Lives in the address, so that it can be kept and shared.</summary>
public sealed class InboxFilter
{
    public Channel? Channel { get; set; }

    public InboxStatus Status { get; set; }

    public InboxAssignee? Assignee { get; set; }

    public bool Unread { get; set; }

    public string? Q { get; set; }

    public bool IsNarrow => Channel is not null || Assignee is not null || Unread || !string.IsNullOrWhiteSpace(Q);

    internal ListConversations ToRequest(string? cursor = null, long? id = null) => new(
        Channel,
        Status switch
        {
            InboxStatus.Open => ConversationStatus.Open,
            InboxStatus.Snoozed => ConversationStatus.Snoozed,
            InboxStatus.Closed => ConversationStatus.Closed,
            _ => null,
        },
        Assignee?.ToString().ToLowerInvariant(),
        Unread ? true : null,
        string.IsNullOrWhiteSpace(Q) ? null : Q.Trim(),
        Limit: 30,
        Cursor: cursor,
        Id: id);

    /// <summary>As it goes into an address: only what differs from the plain inbox.</summary>
    public IDictionary<string, string> ToRoute()
    {
        var route = new Dictionary<string, string>();
        if (Channel is { } channel) route["channel"] = Word(channel);
        if (Status is not InboxStatus.Open) route["status"] = Word(Status);
        if (Assignee is { } assignee) route["assignee"] = Word(assignee);
        if (Unread) route["unread"] = "true";
        if (!string.IsNullOrWhiteSpace(Q)) route["q"] = Q.Trim();
        return route;
    }

    internal RouteValueDictionary ToRouteValues(params (string Name, object? Value)[] more)
    {
        var values = new RouteValueDictionary();
        foreach (var (name, value) in ToRoute()) values[name] = value;
        foreach (var (name, value) in more) values[name] = value;
        return values;
    }

    public InboxFilter With(Action<InboxFilter> change)
    {
        var copy = (InboxFilter)MemberwiseClone();
        change(copy);
        return copy;
    }

    private static string Word(Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
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
