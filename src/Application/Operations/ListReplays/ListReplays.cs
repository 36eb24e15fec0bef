namespace MetaMessaging.Application.Operations;

/// <summary>The replays that are in progress.</summary>
/// <param name="AlsoId">A replay to include even when it is finished.</param>
public sealed record ListReplays(long? AlsoId = null) : IRequest<IReadOnlyList<ReplayModel>>;

internal sealed class ListReplaysHandler(IAppDbContext db, ICaller caller, OrganizationScope scope)
    : IRequestHandler<ListReplays, IReadOnlyList<ReplayModel>>
{
    private const int MaxShown = 5;

    public async Task<IReadOnlyList<ReplayModel>> Handle(ListReplays request, CancellationToken cancellationToken) =>
        await db.DeliveryReplays.AsNoTracking()
            .VisibleTo(caller, scope)
            .Where(r => r.Id == request.AlsoId
                || db.WebhookDeliveries.Any(d => d.ReplayId == r.Id && d.State == WebhookDeliveryState.Pending))
            .OrderByDescending(r => r.Id)
            .Take(MaxShown)
            .WithProgress(db)
            .ToListAsync(cancellationToken);
}
