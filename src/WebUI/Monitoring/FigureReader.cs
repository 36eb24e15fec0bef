namespace MetaMessaging.WebUI.Monitoring;

/// <summary>Reads the figures for OTLP, which asks nobody before it sends.</summary>
internal sealed partial class FigureReader(
    IEnumerable<IFigureMeter> meters, IServiceScopeFactory scopes, TimeProvider clock, ILogger<FigureReader> logger) : BackgroundService
{
    /// <summary>Twice in the interval at which OTLP sends metrics, which is a minute.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                scope.ServiceProvider.GetRequiredService<OrganizationScope>().EnterAllOrganizations();
                foreach (var meter in meters) await meter.ReadAsync(scope.ServiceProvider.GetRequiredService<IMediator>(), stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogReadFailed(exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(LogLevel.Warning, "The figures for monitoring could not be read; the next try is in 30 s")]
    private partial void LogReadFailed(Exception exception);
}
