using MetaMessaging.Domain.Conversations;

namespace MetaMessaging.Application.Inbound;

/// <summary>How an event reaches us says who owns the thread: by standby another app does (platform reference, Webhooks → Hand-over and standby).</summary>
internal static class ThreadOwner
{
    public static void Note(Conversation conversation, InboundEvent inbound)
    {
        if (inbound.Kind is not (InboundEventKind.Message or InboundEventKind.Postback or InboundEventKind.Echo)) return;

        // An echo reaches everybody, so it only says something when it comes by standby.
        if (inbound.IsStandby) conversation.RecordThreadOwner(Conversation.UnknownApp, inbound.At);
        else if (inbound.Kind is not InboundEventKind.Echo) conversation.RecordThreadOwner(null, inbound.At);
    }
}
