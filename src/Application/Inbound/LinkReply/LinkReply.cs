namespace MetaMessaging.Application.Inbound;

/// <summary>Links a reply that arrived before the message it answers.</summary>
public sealed record LinkReply(PageConnection Connection, InboundEvent Event) : IInboundEvent;

internal sealed class LinkReplyHandler(ReplyLinks replies) : RequestHandler<LinkReply, EventOutcome>
{
    protected override EventOutcome Handle(LinkReply request)
    {
        if (request.Event.Mid is { } replyMid) replies.LinkAfterSave(request.Connection, replyMid);
        return EventOutcome.Processed;
    }
}
