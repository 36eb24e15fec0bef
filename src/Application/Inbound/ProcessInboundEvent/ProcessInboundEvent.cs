namespace MetaMessaging.Application.Inbound;

/// <summary>Changes only rows that <see cref="InboundProcessor"/> has loaded, and never saves.</summary>
[NotAudited("The conversation itself shows what customers and Meta did.")]
public interface IInboundEvent : IRequest<EventOutcome>;

/// <summary>Sends an event to the slice of its kind, with the connection it belongs to, and what was parked for it.</summary>
public sealed record ProcessInboundEvent(InboundEvent Event) : IInboundEvent;

internal sealed class ProcessInboundEventHandler(
    IMediator mediator, ConversationLookup conversations, ParkedEvents parked, TimeProvider clock)
    : IRequestHandler<ProcessInboundEvent, EventOutcome>
{
    public async Task<EventOutcome> Handle(ProcessInboundEvent request, CancellationToken cancellationToken) =>
        request.Event.Complete(await ProcessAsync(request.Event, cancellationToken));

    private async Task<EventOutcome> ProcessAsync(InboundEvent inbound, CancellationToken cancellationToken)
    {
        if (inbound.IgnoreReason is { } reason) return EventOutcome.Ignored(reason);
        if (HasTooLongId(inbound)) return EventOutcome.Failed($"An id is longer than {MetaId.MaxLength} characters.");

        if (conversations.FindConnection(inbound) is not { } connection)
        {
            var account = inbound.Channel is Channel.FacebookMessenger ? "Page" : "Instagram account";
            return EventOutcome.Ignored($"{account} {inbound.AccountId} is not connected.");
        }

        connection.RecordEvent(clock.GetUtcNow());
        if (inbound.Kind is InboundEventKind.Other) return UnknownKind(inbound) with { OrganizationId = connection.OrganizationId };

        var outcome = await mediator.Send(SliceFor(connection, inbound), cancellationToken);
        foreach (var waiting in parked.Take(connection, inbound))
            await mediator.Send(SliceFor(connection, WebhookPayload.ReadParked(connection, waiting)), cancellationToken);

        if (conversations.Find(connection, inbound) is { } conversation) ThreadOwner.Update(conversation, inbound);
        return outcome with { OrganizationId = connection.OrganizationId };
    }

    private static IInboundEvent SliceFor(PageConnection connection, InboundEvent inbound) => inbound.Kind switch
    {
        InboundEventKind.Message or InboundEventKind.Postback => new RecordMessage(connection, inbound),
        InboundEventKind.Echo => new RecordEcho(connection, inbound),
        InboundEventKind.Delivery or InboundEventKind.Read => new ApplyWatermark(connection, inbound),
        InboundEventKind.Reaction => new ApplyReaction(connection, inbound),
        InboundEventKind.Edit => new ApplyEdit(connection, inbound),
        InboundEventKind.Unsend => new ApplyUnsend(connection, inbound),
        InboundEventKind.Reply => new LinkReply(connection, inbound),
        InboundEventKind.Handover => new ApplyHandover(connection, inbound),
        InboundEventKind.PolicyEnforcement => new ApplyPolicy(connection, inbound),
        _ => new RecordTimelineEntry(connection, inbound),
    };

    private static EventOutcome UnknownKind(InboundEvent inbound)
    {
        var keys = inbound.Body.Names().Except(["sender", "recipient", "timestamp"]);
        return EventOutcome.Ignored($"Events of kind '{string.Join(", ", keys)}' are not known here.");
    }

    private static bool HasTooLongId(InboundEvent inbound) =>
        inbound.AccountId.Length > MetaId.MaxLength
        || inbound.CustomerId?.Length > MetaId.MaxLength
        || inbound.NamedMids().Any(m => m.Length > MetaId.MaxLength);
}

internal sealed class RecoverDeliveries(IWebhookInbox inbox) : IRecovery
{
    /// <summary>The inbound worker looks for pending deliveries itself once it is woken.</summary>
    public Task RecoverAsync(DateTimeOffset now, DateTimeOffset horizon, CancellationToken cancellationToken)
    {
        inbox.Wake();
        return Task.CompletedTask;
    }
}
