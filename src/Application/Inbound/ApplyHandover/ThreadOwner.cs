namespace MetaMessaging.Application.Inbound;

/// <summary>
/// Learns from any message who owns the thread: the standby list of a delivery holds messages of threads that another app owns
/// (platform reference, Webhooks → Hand-over and standby).
/// </summary>
internal static class ThreadOwner
{
    public static void Update(Conversation conversation, InboundEvent inbound)
    {
        if (inbound.Kind is not (InboundEventKind.Message or InboundEventKind.Postback or InboundEventKind.Echo)) return;

        // Every subscribed app gets the echoes, so an echo says who owns the thread only when it comes in the standby list.
        if (inbound.IsStandby) conversation.RecordThreadOwner(Conversation.UnknownApp, inbound.At);
        else if (inbound.Kind is not InboundEventKind.Echo) conversation.RecordThreadOwner(null, inbound.At);
    }
}
