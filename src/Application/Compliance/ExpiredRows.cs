namespace MetaMessaging.Application.Compliance;

/// <summary>An organization's rows in the order of an index: to find the oldest takes as long with ten million rows as with ten.</summary>
internal static class ExpiredRows
{
    /// <summary>By Meta's time. A message that is not sent yet stays.</summary>
    public static IQueryable<Message> Expired(this IQueryable<Message> messages, long organizationId, DateTimeOffset before) => messages
        .Where(m => m.OrganizationId == organizationId && m.OccurredAt < before
            && m.Status != MessageStatus.Queued && m.Status != MessageStatus.Sending)
        .OrderBy(m => m.OccurredAt);

    public static IQueryable<TimelineEntry> Expired(this IQueryable<TimelineEntry> entries, long organizationId, DateTimeOffset before) =>
        entries.Where(e => e.OrganizationId == organizationId && e.OccurredAt < before).OrderBy(e => e.OccurredAt);

    public static IQueryable<Note> Expired(this IQueryable<Note> notes, long organizationId, DateTimeOffset before) =>
        notes.Where(n => n.OrganizationId == organizationId && n.CreatedAt < before).OrderBy(n => n.CreatedAt);

    /// <summary>Whether they are old enough is for the caller to look at: their ids are in the order in which they came.</summary>
    public static IQueryable<MessageAttachment> OldestFiles(this IQueryable<MessageAttachment> attachments, long organizationId) =>
        attachments.Where(a => a.OrganizationId == organizationId && a.StorageKey != null && a.MessageId != null).OrderBy(a => a.Id);

    /// <inheritdoc cref="OldestFiles"/>
    public static IQueryable<WebhookDelivery> Oldest(this IQueryable<WebhookDelivery> deliveries, long organizationId) =>
        deliveries.Where(d => d.OrganizationId == organizationId).OrderBy(d => d.Id);

    /// <summary>A delivery holds what its messages say, so it is not kept for longer than they are.</summary>
    public static int? EffectiveDeliveryDays(this Retention retention) => (retention.DeliveryDays, retention.MessageDays) switch
    {
        ({ } deliveries, { } messages) => Math.Min(deliveries, messages),
        var (deliveries, messages) => deliveries ?? messages,
    };
}
