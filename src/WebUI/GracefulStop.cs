using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace MetaMessaging.WebUI;

/// <summary>
/// Ends the app within <see cref="MaxStop"/> (docs/adr/0034): it says that it is not ready and serves on, so that a proxy sends it no more
/// requests; then it stops to listen and answers those that have begun. The hosted services stop after that.
/// </summary>
internal sealed class GracefulStop(IServer server, IOptions<ShutdownOptions> options, TimeProvider clock)
    : IHostedLifecycleService, IHealthCheck, IDisposable
{
    /// <summary>Service managers kill a process that is told to stop and still runs after 30 s.</summary>
    public static readonly TimeSpan MaxStop = TimeSpan.FromSeconds(28);

    /// <summary>A command of the database ends after 8 s. Connections are cut then, so that the other services have time to stop.</summary>
    private static readonly TimeSpan MaxRequest = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource cut = new();
    private volatile bool isStopping;

    /// <summary>A client that keeps its connection would send the next request just when it is closed.</summary>
    public Task CloseConnectionAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(
            static state =>
            {
                var (stop, response) = ((GracefulStop, HttpResponse))state;
                if (stop.isStopping && HttpProtocol.IsHttp11(response.HttpContext.Request.Protocol)) response.Headers.Connection = "close";
                return Task.CompletedTask;
            },
            (this, context.Response));
        return next(context);
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(isStopping ? HealthCheckResult.Unhealthy("The app is being stopped.") : HealthCheckResult.Healthy());

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        isStopping = true;
        if (options.Value.Delay > TimeSpan.Zero)
            await Task.Delay(options.Value.Delay, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // Not awaited: what has begun ends while the other services learn that nothing new comes. The host waits for it.
        cut.CancelAfter(MaxRequest);
        _ = server.StopAsync(cut.Token);
    }

    public void Dispose() => cut.Dispose();

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

internal static class GracefulStopRegistration
{
    public static void AddGracefulStop(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ShutdownOptions>().Bind(configuration.GetSection(ShutdownOptions.Section))
            .Validate(shutdown => shutdown.IsValid, "Shutdown:Delay lies between 00:00:00 and 00:00:05.").ValidateOnStart();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = GracefulStop.MaxStop);
        services.AddSingleton<GracefulStop>();
        services.AddHostedService(provider => provider.GetRequiredService<GracefulStop>());
    }
}

/// <summary>Section Shutdown.</summary>
internal sealed class ShutdownOptions
{
    public const string Section = "Shutdown";

    /// <summary>What stops after it takes up to 22 s.</summary>
    public static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(5);

    /// <summary>How long requests are served after readiness has ended: longer than the proxy takes to notice.</summary>
    public TimeSpan Delay { get; set; }

    public bool IsValid => Delay >= TimeSpan.Zero && Delay <= MaxDelay;
}
