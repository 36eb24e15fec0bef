using MetaMessaging.Application.Inbound;

namespace MetaMessaging.Application.Operations;

/// <summary>One delivery with its unchanged body and the outcome of each of its events.</summary>
public sealed record GetWebhookDelivery(long Id) : IRequest<WebhookDeliveryModel>;

/// <param name="LatencyMilliseconds">From received to processed; null while it waits, and for a replayed delivery.</param>
public sealed record WebhookDeliveryModel(
    long Id, DateTimeOffset ReceivedAt, string? Object, WebhookDeliveryState State, int Attempts, int EventCount, int FailedEvents,
    string? Error, DateTimeOffset? ProcessedAt, string? AccountId, double? LatencyMilliseconds, IReadOnlyList<WebhookEventModel> Events,
    string Payload);

/// <param name="Event">The kind of event: message, echo, reaction, ….</param>
/// <param name="Outcome">Null until it is processed.</param>
/// <param name="CustomerId">PSID or IGSID.</param>
/// <param name="MessageId">The message that it contains or refers to, where the caller's organization has it.</param>
public sealed record WebhookEventModel(
    int Index, string? Event, EventOutcomeKind? Outcome, string? Reason, string? AccountId, string? CustomerId, string? Mid, bool IsStandby,
    DateTimeOffset? At, long? MessageId, long? ConversationId);

internal sealed class GetWebhookDeliveryHandler(IAppDbContext db, ICaller caller, OrganizationScope scope)
    : IRequestHandler<GetWebhookDelivery, WebhookDeliveryModel>
{
    public async Task<WebhookDeliveryModel> Handle(GetWebhookDelivery request, CancellationToken cancellationToken)
    {
        var delivery = await db.WebhookDeliveries.AsNoTracking()
            .VisibleTo(caller, scope)
            .SingleOrDefaultAsync(d => d.Id == request.Id, cancellationToken)
            ?? throw new NotFoundException("webhook_delivery_not_found");
        return new WebhookDeliveryModel(
            delivery.Id, delivery.ReceivedAt, delivery.Object, delivery.State, delivery.Attempts, delivery.EventCount,
            delivery.FailedEvents, delivery.Error, delivery.ProcessedAt, delivery.AccountId, LatencyOf(delivery),
            await LinkAsync(EventsOf(delivery), cancellationToken), Encoding.UTF8.GetString(delivery.Payload));
    }

    private static double? LatencyOf(WebhookDelivery delivery) => delivery is { Attempts: 1, ProcessedAt: { } processedAt }
        ? Math.Max(0, (processedAt - delivery.ReceivedAt).TotalMilliseconds)
        : null;

    private static List<WebhookEventModel> EventsOf(WebhookDelivery delivery)
    {
        var outcomes = delivery.ReadOutcomes();
        if (outcomes.Count > 0)
        {
            return [.. outcomes.Select((o, index) => new WebhookEventModel(
                index, o.Event, o.Kind, o.Reason, o.AccountId, o.CustomerId, o.Mid, o.IsStandby, o.At, null, null))];
        }

        try
        {
            return [.. WebhookPayload.Parse(delivery.Payload, delivery.ReceivedAt).Events.Select((e, index) => new WebhookEventModel(
                index, e.Kind.ToString(), null, null, e.AccountId, e.CustomerId, e.Mid, e.IsStandby, e.At, null, null))];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    /// <summary>Only connections of the caller's organization are found, and so only its messages and conversations.</summary>
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
