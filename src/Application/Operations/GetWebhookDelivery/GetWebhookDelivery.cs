using System.Text;
using System.Text.Json;
using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Domain.Inbound;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Operations;

/// <summary>One delivery with its body as it came, and what each of its events did.</summary>
public sealed record GetWebhookDelivery(long Id) : IRequest<WebhookDeliveryModel>;

/// <param name="LatencyMilliseconds">From received to processed; null until then, and for one that was replayed.</param>
public sealed record WebhookDeliveryModel(
    long Id, DateTimeOffset ReceivedAt, string? Object, WebhookDeliveryState State, int Attempts, int EventCount, int FailedEvents,
    string? Error, DateTimeOffset? ProcessedAt, string? AccountId, double? LatencyMilliseconds, IReadOnlyList<WebhookEventModel> Events, string Payload);

/// <param name="Event">What it is: message, echo, reaction, ….</param>
/// <param name="Outcome">Null while nothing became of it yet.</param>
/// <param name="CustomerId">PSID or IGSID.</param>
/// <param name="MessageId">The message it is or speaks of, where the caller's organization has it.</param>
public sealed record WebhookEventModel(
    int Index, string? Event, EventOutcomeKind? Outcome, string? Reason, string? AccountId, string? CustomerId, string? Mid, bool IsStandby, DateTimeOffset? At,
    long? MessageId, long? ConversationId);

internal sealed class GetWebhookDeliveryHandler(IAppDbContext db, ICaller caller, OrganizationScope scope) : IRequestHandler<GetWebhookDelivery, WebhookDeliveryModel>
{
    public async Task<WebhookDeliveryModel> Handle(GetWebhookDelivery request, CancellationToken cancellationToken)
    {
        var d = await db.WebhookDeliveries.AsNoTracking().VisibleTo(caller, scope).SingleOrDefaultAsync(d => d.Id == request.Id, cancellationToken)
            ?? throw new NotFoundException("webhook_delivery_not_found");
        var latency = d is { Attempts: 1, ProcessedAt: { } processedAt } ? Math.Max(0, (processedAt - d.ReceivedAt).TotalMilliseconds) : (double?)null;
        return new WebhookDeliveryModel(
            d.Id, d.ReceivedAt, d.Object, d.State, d.Attempts, d.EventCount, d.FailedEvents, d.Error, d.ProcessedAt, d.AccountId, latency,
            await LinkAsync(EventsOf(d), cancellationToken), Encoding.UTF8.GetString(d.Payload));
    }

    private static List<WebhookEventModel> EventsOf(WebhookDelivery delivery)
    {
        var outcomes = delivery.ReadOutcomes();
        if (outcomes.Count > 0)
            return [.. outcomes.Select((o, at) => new WebhookEventModel(at, o.Event, o.Kind, o.Reason, o.AccountId, o.CustomerId, o.Mid, o.IsStandby, o.At, null, null))];

        try
        {
            return [.. WebhookPayload.Parse(delivery.Payload, delivery.ReceivedAt).Events
                .Select((e, at) => new WebhookEventModel(at, e.Kind.ToString(), null, null, e.AccountId, e.CustomerId, e.Mid, e.IsStandby, e.At, null, null))];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    /// <summary>Connections are the caller's organization's, and so is what is found through them.</summary>
    private async Task<IReadOnlyList<WebhookEventModel>> LinkAsync(List<WebhookEventModel> events, CancellationToken cancellationToken)
    {
        var accounts = events.Select(e => e.AccountId).OfType<string>().Distinct().ToList();
        var connections = await db.Connections
            .Where(c => accounts.Contains(c.PageId) || accounts.Contains(c.IgAccountId!))
            .Select(c => c.Id).ToListAsync(cancellationToken);
        if (connections.Count == 0) return events;

        var mids = events.Select(e => e.Mid).OfType<string>().Distinct().ToList();
        var messages = (await db.Messages
                .Where(m => connections.Contains(m.ConnectionId) && mids.Contains(m.ExternalId!))
                .Select(m => new { m.ExternalId, m.Id, m.ConversationId }).ToListAsync(cancellationToken))
            .ToLookup(m => m.ExternalId);
        var customers = events.Select(e => e.CustomerId).OfType<string>().Distinct().ToList();
        var conversations = (await db.Conversations
                .Where(c => connections.Contains(c.ConnectionId) && customers.Contains(c.ScopedUserId))
                .Select(c => new { c.ScopedUserId, c.Id }).ToListAsync(cancellationToken))
            .ToLookup(c => c.ScopedUserId, c => (long?)c.Id);
        return events.ConvertAll(e =>
        {
            var message = e.Mid is null ? null : messages[e.Mid].FirstOrDefault();
            var conversation = message?.ConversationId ?? (e.CustomerId is null ? null : conversations[e.CustomerId].FirstOrDefault());
            return e with { MessageId = message?.Id, ConversationId = conversation };
        });
    }
}
