using System.Collections.Concurrent;
using MetaMessaging.Application.Live;
using Microsoft.AspNetCore.SignalR;

namespace MetaMessaging.WebUI.Live;

/// <summary>Remembers the hub's connections by caller, and closes those whose caller has lost access, also through another node.</summary>
internal sealed partial class LiveConnections(IServiceScopeFactory scopes, TimeProvider clock, ILogger<LiveConnections> logger)
    : BackgroundService, ILiveConnections
{
    private const int MaxCallersPerQuery = 1000;
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<string, (LiveAccess Access, HubCallerContext Connection)> open = [];

    public void Add(HubCallerContext connection, LiveAccess access) => open[connection.ConnectionId] = (access, connection);

    public void Remove(HubCallerContext connection) => open.TryRemove(connection.ConnectionId, out _);

    public void Close(LiveCaller caller)
    {
        foreach (var (_, (access, connection)) in open)
            if (access.Caller == caller) connection.Abort();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(CheckInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var some in open.Values.Select(o => o.Access).Distinct().Chunk(MaxCallersPerQuery))
                    await CloseEndedAsync(some, stoppingToken);
            }
            catch (UnavailableException)
            {
                // The database cannot be read, which readiness reports; nobody can sign out meanwhile.
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogCheckFailed(exception);
            }
        }
    }

    private async Task CloseEndedAsync(LiveAccess[] some, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<OrganizationScope>().EnterAllOrganizations();
        var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
        var ended = await mediator.Send(new FindEndedCallers(some), cancellationToken);
        foreach (var (_, (access, connection)) in open)
            if (ended.Contains(access)) connection.Abort();
    }

    [LoggerMessage(LogLevel.Error, "It could not be checked whose live connections have to be closed")]
    private partial void LogCheckFailed(Exception exception);
}
