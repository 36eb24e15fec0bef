namespace MetaMessaging.Domain.Connections;

/// <summary>What people read about a connection that cannot be used, and what they can do about it.</summary>
public static class ConnectionProblemTexts
{
    public static string Expired(string pageName) =>
        $"The connection to {pageName} has expired. An admin can reconnect it under Settings → Integrations.";

    public static string TokenEnds(DateTimeOffset at) =>
        FormattableString.Invariant($"Meta's access to this Page ends on {at:d MMMM yyyy}. Reconnect the Page before then.");

    public static string DataAccessEnds(DateTimeOffset at, DateTimeOffset now) => at > now
        ? FormattableString.Invariant($"From {at:d MMMM yyyy} on Meta may hide customers' names and messages: the person who connected ")
            + "the Page has not confirmed the access for long. Reconnect the Page before then."
        : FormattableString.Invariant($"Since {at:d MMMM yyyy} Meta may hide customers' names and messages: the person who connected ")
            + "the Page has not confirmed the access for long. Reconnect the Page.";

    public static string NotConnected(Channel channel) => channel is Channel.FacebookMessenger
        ? "This Page is no longer connected. An admin can connect it under Settings → Integrations."
        : "No Instagram account is connected here. An admin can connect one under Settings → Integrations.";

    public static string Restricted(string pageName, DateTimeOffset until) =>
        FormattableString.Invariant($"Meta has restricted {pageName} from sending. It is asked again from {until:u} on.");

    /// <summary>Null when nothing is wrong.</summary>
    public static string? OfPolicy(string pageName, string? action, string? reason) => action switch
    {
        "block" => $"Meta has blocked {pageName} from sending messages{Because(reason)}",
        "warning" => $"Meta has warned {pageName}{Because(reason)}",
        _ => null,
    };

    private static string Because(string? reason) => reason is { Length: > 0 } ? $": {reason}" : ".";
}
