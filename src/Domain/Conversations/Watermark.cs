namespace MetaMessaging.Domain.Conversations;

/// <summary>A receipt covers everything sent up to its time (platform reference, Webhooks → Delivery and read).</summary>
public static class Watermark
{
    /// <summary>Where the message's time is our own, our clock may be ahead of Meta's by this much.</summary>
    public static readonly TimeSpan Allowance = TimeSpan.FromSeconds(1);
}
