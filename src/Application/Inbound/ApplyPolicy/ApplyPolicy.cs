namespace MetaMessaging.Application.Inbound;

/// <summary>Meta warned the Page, blocked it from sending, or unblocked it (platform reference, Webhooks → Other events).</summary>
public sealed record ApplyPolicy(PageConnection Connection, InboundEvent Event) : IInboundEvent;

internal sealed class ApplyPolicyHandler : RequestHandler<ApplyPolicy, EventOutcome>
{
    protected override EventOutcome Handle(ApplyPolicy request)
    {
        var (connection, inbound) = request;
        if (inbound.Content.Text("action") is not { Length: > 0 and <= 32 } action)
            return EventOutcome.Failed("The policy event names no action.");

        var reason = inbound.Content.Text("reason");
        connection.RecordPolicyAction(action, reason?.Length > 1000 ? reason[..1000] : reason, inbound.At);
        return EventOutcome.Processed;
    }
}
