namespace MetaMessaging.Application.Compliance;

/// <summary>How long the organization keeps each kind of data.</summary>
public sealed record GetRetention : IRequest<RetentionModel>;

/// <summary>Days; null keeps it for ever. Deliveries are kept as long as the installation keeps them then.</summary>
public sealed record RetentionModel(int? MessageDays, int? MediaDays, int? DeliveryDays, int? AuditDays);

internal sealed class GetRetentionHandler(IAppDbContext db, OrganizationScope scope) : IRequestHandler<GetRetention, RetentionModel>
{
    public async Task<RetentionModel> Handle(GetRetention request, CancellationToken cancellationToken)
    {
        var organization = await db.Organizations.AsNoTracking().SingleAsync(o => o.Id == scope.OrganizationId, cancellationToken);
        return organization.Retention.Adapt<RetentionModel>();
    }
}
