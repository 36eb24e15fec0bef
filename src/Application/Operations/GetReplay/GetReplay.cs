namespace MetaMessaging.Application.Operations;

/// <summary>The progress of a replay of many deliveries.</summary>
public sealed record GetReplay(long Id) : IRequest<ReplayModel>;

internal sealed class GetReplayHandler(IAppDbContext db, ICaller caller, OrganizationScope scope) : IRequestHandler<GetReplay, ReplayModel>
{
    public async Task<ReplayModel> Handle(GetReplay request, CancellationToken cancellationToken) =>
        await db.DeliveryReplays.AsNoTracking()
            .VisibleTo(caller, scope)
            .Where(r => r.Id == request.Id)
            .WithProgress(db)
            .SingleOrDefaultAsync(cancellationToken)
            ?? throw new NotFoundException("replay_not_found");
}
