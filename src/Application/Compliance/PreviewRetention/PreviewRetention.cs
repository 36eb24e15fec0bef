namespace MetaMessaging.Application.Compliance;

/// <summary>What the next night would delete with these settings.</summary>
public sealed record PreviewRetention(int? MessageDays, int? MediaDays, int? DeliveryDays, int? AuditDays) : IRequest<RetentionPreview>;

/// <param name="Entries">What is shown between the messages: referrals, opt-ins, hand-overs.</param>
/// <param name="Files">Whose message stays.</param>
public sealed record RetentionPreview(
    RetentionCount Messages, RetentionCount Entries, RetentionCount Notes, RetentionCount Files, RetentionCount Deliveries,
    RetentionCount AuditEntries);

/// <param name="IsMore">There are more than were counted.</param>
public sealed record RetentionCount(int Count, bool IsMore)
{
    /// <summary>So that the answer is fast, however many rows there are.</summary>
    internal const int Max = 10_000;
}

internal sealed class PreviewRetentionValidator : AbstractValidator<PreviewRetention>
{
    /// <summary>What cannot be saved is not counted either.</summary>
    public PreviewRetentionValidator(IValidator<ChangeRetention> change) => RuleFor(r => r).Custom((preview, context) =>
    {
        var (messages, media, deliveries, audit) = preview;
        var request = new ChangeRetention(messages, media, deliveries, audit);
        foreach (var failure in change.Validate(request).Errors) context.AddFailure(failure);
    });
}

internal sealed class PreviewRetentionHandler(IAppDbContext db, OrganizationScope scope, TimeProvider clock)
    : IRequestHandler<PreviewRetention, RetentionPreview>
{
    public async Task<RetentionPreview> Handle(PreviewRetention request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var organizationId = scope.OrganizationId!.Value;
        var retention = new Retention(request.MessageDays, request.MediaDays, request.DeliveryDays, request.AuditDays);
        return new RetentionPreview(
            await CountAsync(retention.MessageDays, before => db.Messages.Expired(organizationId, before)),
            await CountAsync(retention.MessageDays, before => db.TimelineEntries.Expired(organizationId, before)),
            await CountAsync(retention.MessageDays, before => db.Notes.Expired(organizationId, before)),
            await CountAsync(retention.MediaDays, before => db.MessageAttachments.OldestFiles(organizationId)
                .Take(RetentionCount.Max + 1).Where(a => a.Message.CreatedAt < before)),
            await CountAsync(retention.EffectiveDeliveryDays(), before => db.WebhookDeliveries.Oldest(organizationId)
                .Take(RetentionCount.Max + 1).Where(d => d.ReceivedAt < before)),
            await CountAsync(retention.AuditDays, before => db.AuditEntries
                .Where(e => e.OrganizationId == organizationId && e.At < before)));

        async Task<RetentionCount> CountAsync<T>(int? days, Func<DateTimeOffset, IQueryable<T>> rows)
        {
            if (days is null) return new RetentionCount(0, false);
            var count = await rows(now.AddDays(-days.Value)).Take(RetentionCount.Max + 1).CountAsync(cancellationToken);
            return new RetentionCount(Math.Min(count, RetentionCount.Max), count > RetentionCount.Max);
        }
    }
}
