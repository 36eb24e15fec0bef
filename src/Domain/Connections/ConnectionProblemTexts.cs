namespace MetaMessaging.Domain.Connections;

/// <summary>What people read about a connection that cannot be used, and what they can do about it.</summary>
internal static class ConnectionProblemTexts
{
    public static string Expired(string pageName) =>
        $"The connection to {pageName} has expired. An admin can reconnect it under Settings → Integrations.";

    public static string NotConnected(Channel channel) => channel is Channel.FacebookMessenger
        ? "This Page is no longer connected. An admin can connect it under Settings → Integrations."
        : "No Instagram account is connected here. An admin can connect one under Settings → Integrations.";

    public static string Restricted(string pageName, DateTimeOffset until) =>
        FormattableString.Invariant($"Meta has restricted {pageName} from sending. It is asked again from {until:u} on.");

    public static string Blocked(string pageName, string? reason) => $"Meta has blocked {pageName} from sending messages{Because(reason)}";

    public static string Warned(string pageName, string? reason) => $"Meta has warned {pageName}{Because(reason)}";

    private static string Because(string? reason) => reason is { Length: > 0 } ? $": {reason}" : ".";
}
