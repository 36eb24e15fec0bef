using MediatR;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Inbound;

namespace MetaMessaging.Application.Inbound;

/// <summary>The message that an earlier one answers has come.</summary>
public sealed record LinkReply(PageConnection Connection, InboundEvent Event) : IInboundEvent;

internal sealed class LinkReplyHandler(InboundBatch batch) : IRequestHandler<LinkReply, EventOutcome>
{
    public Task<EventOutcome> Handle(LinkReply request, CancellationToken cancellationToken)
    {
        if (request.Event.Mid is { } reply) batch.LinkReplyAfterSave(request.Connection, reply);
        return Task.FromResult(EventOutcome.Processed);
    }
}
