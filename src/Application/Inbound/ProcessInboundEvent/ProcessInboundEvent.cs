using MediatR;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Inbound;

namespace MetaMessaging.Application.Inbound;

/// <summary>Part of the pump's batch: looks rows up in <see cref="InboundBatch"/> and never saves.</summary>
public interface IInboundEvent : IRequest<EventOutcome>;

/// <summary>Finds out whom an event concerns and hands it to the slice for its kind.</summary>
public sealed record ProcessInboundEvent(InboundEvent Event) : IInboundEvent;

internal sealed class ProcessInboundEventHandler(IMediator mediator, InboundBatch batch, TimeProvider clock)
    : IRequestHandler<ProcessInboundEvent, EventOutcome>
{
    public async Task<EventOutcome> Handle(ProcessInboundEvent request, CancellationToken cancellationToken) =>
        request.Event.Ended(await ProcessAsync(request.Event, cancellationToken));

    private async Task<EventOutcome> ProcessAsync(InboundEvent inbound, CancellationToken cancellationToken)
    {
        if (inbound.IgnoreReason is { } reason) return EventOutcome.Ignored(reason);
        if (TooLong(inbound)) return EventOutcome.Failed($"An id is longer than {MetaId.MaxLength} characters.");

        if (batch.Connection(inbound) is not { } connection)
        {
            var account = inbound.Channel is Channel.FacebookMessenger ? "Page" : "Instagram account";
            return EventOutcome.Ignored($"{account} {inbound.AccountId} is not connected.");
        }

        connection.RecordEvent(clock.GetUtcNow());
        if (inbound.Kind is InboundEventKind.Other) return NotKnown(inbound) with { OrganizationId = connection.OrganizationId };

        var outcome = await mediator.Send(SliceFor(connection, inbound), cancellationToken);
        foreach (var parked in batch.TakeParked(connection, inbound))
            await mediator.Send(SliceFor(connection, WebhookPayload.Revive(connection, parked)), cancellationToken);

        if (batch.Conversation(connection, inbound) is { } conversation) ThreadOwner.Note(conversation, inbound);
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

    private static EventOutcome NotKnown(InboundEvent inbound)
    {
        var keys = inbound.Body.Names().Except(["sender", "recipient", "timestamp"]);
        return EventOutcome.Ignored($"Events of kind '{string.Join(", ", keys)}' are not known here.");
    }

    private static bool TooLong(InboundEvent inbound) =>
        inbound.AccountId.Length > MetaId.MaxLength || inbound.CustomerId?.Length > MetaId.MaxLength || inbound.NamedMids().Any(m => m.Length > MetaId.MaxLength);
}
