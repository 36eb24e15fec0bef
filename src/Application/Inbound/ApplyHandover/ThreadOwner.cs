namespace MetaMessaging.Application.Inbound;

/// <summary>Any message says who owns the thread: those of another app's threads come in the delivery's standby list.</summary>
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
