namespace MetaMessaging.Application.Connections;

/// <summary>Lists the Pages that the person can choose from after Meta's dialog.</summary>
public sealed record GetPendingConnection(long Id) : IRequest<PendingConnectionModel>;

public sealed record PendingConnectionModel(long Id, DateTimeOffset ExpiresAt, IReadOnlyList<PendingPageModel> Pages);

public sealed record PendingPageModel(string PageId, string PageName, string? InstagramAccountId, string? InstagramUsername);

internal sealed class GetPendingConnectionHandler(IAppDbContext db, TimeProvider clock)
    : IRequestHandler<GetPendingConnection, PendingConnectionModel>
{
    public async Task<PendingConnectionModel> Handle(GetPendingConnection request, CancellationToken cancellationToken)
    {
        var pending = await db.PendingConnections.AsNoTracking().SingleOrDefaultAsync(p => p.Id == request.Id, cancellationToken);
        if (pending?.IsOpen(clock.GetUtcNow()) is not true) throw new NotFoundException("pending_connection_not_found");

        return pending.Adapt<PendingConnectionModel>();
    }
}
