namespace MetaMessaging.Application.Connections;

/// <summary>Lists the organization's connected Pages with their state.</summary>
public sealed record GetIntegrationStatus : IRequest<IntegrationStatus>;

/// <param name="Configured">Whether System Config is complete, so that a Page can be connected at all.</param>
public sealed record IntegrationStatus(bool Configured, IReadOnlyList<ConnectionModel> Connections);

internal sealed class GetIntegrationStatusHandler(IAppDbContext db, IMetaApp metaApp)
    : IRequestHandler<GetIntegrationStatus, IntegrationStatus>
{
    public async Task<IntegrationStatus> Handle(GetIntegrationStatus request, CancellationToken cancellationToken)
    {
        var settings = await metaApp.GetAsync(cancellationToken);
        var connections = await db.Connections.AsNoTracking().OrderBy(c => c.PageName).ToListAsync(cancellationToken);
        return new IntegrationStatus(settings.IsComplete, connections.Adapt<List<ConnectionModel>>());
    }
}
