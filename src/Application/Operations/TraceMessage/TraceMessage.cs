using MetaMessaging.Application.Conversations;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Application.Outbound;

namespace MetaMessaging.Application.Operations;

/// <summary>Where a message came from: its delivery and event, send attempts, downloads and jobs. Its text is left out.</summary>
public sealed record TraceMessage(long Id) : IRequest<MessageTrace>;

/// <param name="AccountId">Page or Instagram account.</param>
/// <param name="CustomerId">PSID or IGSID.</param>
/// <param name="StoredAt">When it was stored.</param>
/// <param name="DeliveryId">The delivery that contained it, which may have been purged since.</param>
/// <param name="Delivery">Null when it was purged, or when the caller may not see it.</param>
/// <param name="Mentions">Other deliveries near in time whose body contains the mid.</param>
public sealed record MessageTrace(
    long Id, long ConversationId, Channel Channel, MessageDirection Direction, MessageStatus Status, MessageOrigin Origin,
    string? ExternalId, string AccountId, string? AccountName, string CustomerId, string? Metadata,
    DateTimeOffset OccurredAt, DateTimeOffset StoredAt, DateTimeOffset? SentAt, DateTimeOffset? DeliveredAt, DateTimeOffset? ReadAt,
    DateTimeOffset? EditedAt, DateTimeOffset? DeletedAt,
    int Attempts, DateTimeOffset? LastAttemptAt, DateTimeOffset? NextAttemptAt, DateTimeOffset? ClaimedUntil, MessageErrorModel? Error,
    long? DeliveryId, int? EventIndex, TracedDelivery? Delivery,
    IReadOnlyList<TracedAttachment> Attachments, IReadOnlyList<TracedDelivery> Mentions, IReadOnlyList<JobTrace> Jobs);

public sealed record TracedDelivery(
    long Id, DateTimeOffset ReceivedAt, DateTimeOffset? ProcessedAt, WebhookDeliveryState State, int Attempts, int EventCount,
    string? Error);

public sealed record TracedAttachment(
    long Id, string Type, AttachmentState State, string? ContentType, long? Size, int Attempts, DateTimeOffset? NextAttemptAt,
    string? Problem, string? SourceUrl);

internal sealed class MessageTraceMapping : IRegister
{
    public void Register(TypeAdapterConfig config) => config.NewConfig<Message, MessageTrace>()
        .Map(trace => trace.AccountId, m => m.Conversation.Connection.RateLimitedAccountId(m.Channel))
        .Map(trace => trace.AccountName, m => AccountNameOf(m))
        .Map(trace => trace.CustomerId, m => m.Conversation.ScopedUserId)
        .Map(trace => trace.StoredAt, m => m.CreatedAt)
        .Map(trace => trace.DeliveryId, m => m.WebhookDeliveryId)
        .Map(trace => trace.EventIndex, m => m.WebhookEventIndex)
        .Map(trace => trace.Delivery, _ => (TracedDelivery?)null)   // the handler reads these from elsewhere
        .Map(trace => trace.Mentions, _ => Array.Empty<TracedDelivery>())
        .Map(trace => trace.Jobs, _ => Array.Empty<JobTrace>());

    private static string? AccountNameOf(Message message) => message.Channel is Channel.InstagramDm
        ? message.Conversation.Connection.IgUsername : message.Conversation.Connection.PageName;
}

internal sealed class TraceMessageHandler(IAppDbContext db, ICaller caller, OrganizationScope scope, IJobHistory history)
    : IRequestHandler<TraceMessage, MessageTrace>
{
    private const int MaxMentions = 20;

    // Bodies have no index, so only deliveries near the message are searched: the first DeliveryFilters.MaxSearchedDeliveries of this
    // span. Receipts, reactions and redeliveries come within it.
    private static readonly TimeSpan SearchBefore = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan SearchAfter = TimeSpan.FromDays(2);

    public async Task<MessageTrace> Handle(TraceMessage request, CancellationToken cancellationToken)
    {
        var message = await db.Messages.AsNoTracking()
            .Include(m => m.Attachments)
            .Include(m => m.Conversation).ThenInclude(c => c.Connection)
            .SingleOrDefaultAsync(m => m.Id == request.Id, cancellationToken)
            ?? throw new NotFoundException("message_not_found");
        return message.Adapt<MessageTrace>() with
        {
            Delivery = await FindDeliveryAsync(message, cancellationToken),
            Mentions = await FindMentionsAsync(message, cancellationToken),
            Jobs = history.Find(JobsOf(message)),
        };
    }

    private static List<IJob> JobsOf(Message message) => message.Direction is MessageDirection.Outbound
        ? [.. DownloadsOf(message), new DeliverMessages(message.ConversationId), new ReconcileSend(message.Id)]
        : [.. DownloadsOf(message), new EnrichContact(message.Conversation.ContactId)];

    private static IEnumerable<DownloadAttachment> DownloadsOf(Message message) =>
        message.Attachments.Select(attachment => new DownloadAttachment(attachment.Id));

    private async Task<TracedDelivery?> FindDeliveryAsync(Message message, CancellationToken cancellationToken) =>
        message.WebhookDeliveryId is not { } id
            ? null
            : await db.WebhookDeliveries.VisibleTo(caller, scope)
            .Where(d => d.Id == id)
            .ProjectToType<TracedDelivery>()
            .SingleOrDefaultAsync(cancellationToken);

    private async Task<List<TracedDelivery>> FindMentionsAsync(Message message, CancellationToken cancellationToken)
    {
        if (message.ExternalId is not { Length: > 0 } mid) return [];

        var text = Encoding.UTF8.GetBytes(mid);
        var (from, to) = (Earlier(message.OccurredAt, message.CreatedAt) - SearchBefore, message.CreatedAt + SearchAfter);
        var span = db.WebhookDeliveries.Where(d => d.ReceivedAt >= from && d.ReceivedAt < to);
        var first = await span.OrderBy(d => d.ReceivedAt).ThenBy(d => d.Id).Select(d => (long?)d.Id).FirstOrDefaultAsync(cancellationToken);
        var last = await span.OrderByDescending(d => d.ReceivedAt).ThenByDescending(d => d.Id).Select(d => (long?)d.Id)
            .FirstOrDefaultAsync(cancellationToken);
        return await db.WebhookDeliveries.VisibleTo(caller, scope)
            .Where(d => d.Id >= first && d.Id < first + DeliveryFilters.MaxSearchedDeliveries && d.Id <= last)
            .Where(d => d.Id != message.WebhookDeliveryId)
            .Where(d => d.ReceivedAt < to && PayloadSearch.Position(d.Payload, text) > 0)
            .OrderBy(d => d.Id)
            .Take(MaxMentions)
            .ProjectToType<TracedDelivery>()
            .ToListAsync(cancellationToken);
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
