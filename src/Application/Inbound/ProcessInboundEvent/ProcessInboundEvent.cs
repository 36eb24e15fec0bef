using MediatR;
using MetaMessaging.Domain.Common;
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

        connection.NoteEvent(clock.GetUtcNow());
        var outcome = inbound.Kind switch
        {
            InboundEventKind.Message or InboundEventKind.Postback => await mediator.Send(new RecordMessage(connection, inbound), cancellationToken),
            InboundEventKind.Echo => await mediator.Send(new RecordEcho(connection, inbound), cancellationToken),
            InboundEventKind.Delivery or InboundEventKind.Read => await mediator.Send(new ApplyWatermark(connection, inbound), cancellationToken),
            _ => EventOutcome.Ignored($"Events of kind '{inbound.Kind}' have no effect."),
        };
        return outcome with { OrganizationId = connection.OrganizationId };
    }

    private static bool TooLong(InboundEvent inbound) =>
        inbound.AccountId.Length > MetaId.MaxLength || inbound.CustomerId?.Length > MetaId.MaxLength || inbound.NamedMids().Any(m => m.Length > MetaId.MaxLength);
}
