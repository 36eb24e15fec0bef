namespace MetaMessaging.MetaSimulator.State;

internal enum Channel
{
    Messenger,
    Instagram,
}

internal static class ChannelLabels
{
    /// <summary>The webhook's <c>object</c>.</summary>
    public static string WebhookObject(this Channel channel) => channel is Channel.Messenger ? "page" : "instagram";

    /// <summary>The value of <c>?platform=</c>, and of <c>channel</c> in the control API.</summary>
    public static string ToText(this Channel channel) => channel is Channel.Messenger ? "messenger" : "instagram";

    public static Channel? Parse(string? word) => word?.ToUpperInvariant() switch
    {
        "MESSENGER" or "FACEBOOK" or "FACEBOOKMESSENGER" or "PAGE" => Channel.Messenger,
        "INSTAGRAM" or "INSTAGRAMDM" => Channel.Instagram,
        _ => null,
    };
}
