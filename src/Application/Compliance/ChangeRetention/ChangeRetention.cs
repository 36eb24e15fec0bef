using MetaMessaging.Application.Inbound;
using Microsoft.Extensions.Options;

namespace MetaMessaging.Application.Compliance;

/// <summary>Changes how long the organization keeps each kind of data. What is older is deleted at night.</summary>
public sealed record ChangeRetention(int? MessageDays, int? MediaDays, int? DeliveryDays, int? AuditDays) : IRequest<RetentionModel>
{
    public const int MaxDays = 3650;

    internal Retention ToRetention() => new(MessageDays, MediaDays, DeliveryDays, AuditDays);
}

internal sealed class ChangeRetentionValidator : AbstractValidator<ChangeRetention>
{
    public ChangeRetentionValidator(IOptions<WebhookRetention> installation)
    {
        var maxDeliveryDays = installation.Value.RetentionDays;
        RuleFor(r => r.MessageDays).InclusiveBetween(1, ChangeRetention.MaxDays).WithName("Messages");
        RuleFor(r => r.MediaDays).InclusiveBetween(1, ChangeRetention.MaxDays).WithName("Files");
        RuleFor(r => r.DeliveryDays).InclusiveBetween(1, maxDeliveryDays)
            .WithMessage($"This installation keeps webhook deliveries for {maxDeliveryDays} days at most.");
        RuleFor(r => r.AuditDays).InclusiveBetween(1, ChangeRetention.MaxDays).WithName("Audit log");
    }
}

internal sealed class ChangeRetentionHandler(IAppDbContext db, OrganizationScope scope, AuditLog audit)
    : IRequestHandler<ChangeRetention, RetentionModel>
{
    public async Task<RetentionModel> Handle(ChangeRetention request, CancellationToken cancellationToken)
    {
        var organization = await db.Organizations.SingleAsync(o => o.Id == scope.OrganizationId, cancellationToken);
        var (before, after) = (organization.Retention, request.ToRetention());
        organization.ChangeRetention(after);
        audit.Record(
            AuditActions.RetentionChanged, AuditTarget.Of(organization, organization.Name),
            new AuditChange("messageDays", before.MessageDays, after.MessageDays),
            new AuditChange("mediaDays", before.MediaDays, after.MediaDays),
            new AuditChange("deliveryDays", before.DeliveryDays, after.DeliveryDays),
            new AuditChange("auditDays", before.AuditDays, after.AuditDays));
        await db.SaveChangesAsync(cancellationToken);
        return after.Adapt<RetentionModel>();
    }
}
