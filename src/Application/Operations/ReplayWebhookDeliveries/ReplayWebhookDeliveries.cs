namespace MetaMessaging.Application.Operations;

/// <summary>Processes many deliveries again: those named by id, or all that a filter with a state finds.</summary>
public sealed record ReplayWebhookDeliveries(
    IReadOnlyList<long>? Ids = null,
    WebhookDeliveryState? State = null,
    string? Object = null,
    string? AccountId = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    string? Q = null)
    : IRequest<ReplayModel>, IDeliveryFilter
{
    internal const int MaxIds = 1000;
}

internal sealed class ReplayWebhookDeliveriesValidator : AbstractValidator<ReplayWebhookDeliveries>
{
    public ReplayWebhookDeliveriesValidator()
    {
        Include(new DeliveryFilterValidator());
        RuleFor(r => r.Ids).Must(ids => ids!.Count is > 0 and <= ReplayWebhookDeliveries.MaxIds).When(r => r.Ids is not null)
            .WithMessage($"Give the ids of 1 to {ReplayWebhookDeliveries.MaxIds} deliveries.");
        RuleFor(r => r.State).Null().When(r => r.Ids is not null).WithMessage("Give either ids or a state.");
        RuleFor(r => r.State).NotNull().When(r => r.Ids is null).WithMessage("Give either ids or a state.");
        RuleFor(r => r.State).NotEqual(WebhookDeliveryState.Pending)
            .WithMessage("Pending deliveries cannot be replayed; they are processed anyway.");
    }
}

internal sealed class ReplayWebhookDeliveriesHandler(
    IAppDbContext db, AuditLog audit, ICaller caller, OrganizationScope scope, IWebhookInbox inbox, TimeProvider clock)
    : IRequestHandler<ReplayWebhookDeliveries, ReplayModel>
{
    /// <summary>SQLite has one writer: chunks keep the time short for which others wait for it.</summary>
    private const int ChunkSize = 500;

    public async Task<ReplayModel> Handle(ReplayWebhookDeliveries request, CancellationToken cancellationToken)
    {
        var replay = new DeliveryReplay(caller.IsSystemAdmin ? null : scope.OrganizationId, caller.Name, clock.GetUtcNow());
        db.DeliveryReplays.Add(replay);
        await db.SaveChangesAsync(async token =>
        {
            audit.Record(replay.OrganizationId, caller.Actor, AuditActions.DeliveryReplayed, AuditTarget.Of(replay), ChangesOf(request));
            await db.SaveChangesAsync(token);
        }, cancellationToken);

        // A delivery that fails again meanwhile must not be marked twice: the last id is fixed here, and the chunks go up by id.
        var wanted = Matching(request);
        var last = await wanted.MaxAsync(d => (long?)d.Id, cancellationToken) ?? 0;
        var after = 0L;
        while (after < last)
        {
            var chunk = await wanted
                .Where(d => d.Id > after && d.Id <= last)
                .OrderBy(d => d.Id)
                .Select(d => d.Id)
                .Take(ChunkSize)
                .ToListAsync(cancellationToken);
            if (chunk.Count == 0) break;

            await MarkAsync(chunk, replay, cancellationToken);
            inbox.Wake();
            after = chunk[^1];
        }

        return await db.DeliveryReplays.AsNoTracking().Where(r => r.Id == replay.Id).WithProgress(db).SingleAsync(cancellationToken);
    }

    private IQueryable<WebhookDelivery> Matching(ReplayWebhookDeliveries request)
    {
        var processed = db.WebhookDeliveries.VisibleTo(caller, scope).Where(d => d.State != WebhookDeliveryState.Pending);
        return request.Ids is { } ids ? processed.Where(d => ids.Contains(d.Id)) : processed.Matching(request, db);
    }

    /// <summary>Which deliveries were chosen. A text that was searched for may be a customer's id.</summary>
    private static IEnumerable<AuditChange> ChangesOf(ReplayWebhookDeliveries request) =>
    [
        new("deliveries", null, request.Ids?.Count), new("state", null, request.State), new("object", null, request.Object),
        new("accountId", null, request.AccountId), new("from", null, request.From), new("to", null, request.To),
        .. request.Q is null ? [] : new[] { AuditChange.Hidden("q") },
    ];

    private Task MarkAsync(List<long> chunk, DeliveryReplay replay, CancellationToken cancellationToken) => db.SaveChangesAsync(
        async token =>
        {
            var marked = await db.MarkForReplayAsync(db.WebhookDeliveries.Where(d => chunk.Contains(d.Id)), replay.Id, token);
            await db.DeliveryReplays.Where(r => r.Id == replay.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(r => r.Total, r => r.Total + marked), token);
        },
        cancellationToken);
}
