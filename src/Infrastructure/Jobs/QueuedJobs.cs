using System.Threading.Channels;

namespace MetaMessaging.Infrastructure.Jobs;

/// <summary>Hands jobs to Hangfire in the background: on SQL Server each takes several round trips, for which the inbound worker would wait
/// after each commit. A job that is lost loses no work: recovery schedules it again from its row.</summary>
internal sealed partial class QueuedJobs(HangfireJobs jobs, ILogger<QueuedJobs> logger) : BackgroundService, IJobs
{
    private const int MaxQueued = 100_000;

    private readonly Channel<Action> queue = System.Threading.Channels.Channel.CreateBounded<Action>(
        new BoundedChannelOptions(MaxQueued) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Enqueue(IJob job)
    {
        var trace = Tracing.CurrentContext;   // the activity has ended when the job is handed over
        queue.Writer.TryWrite(() => jobs.Enqueue(job, trace));
    }

    public void Schedule(IJob job, DateTimeOffset at)
    {
        var trace = Tracing.CurrentContext;
        queue.Writer.TryWrite(() => jobs.Schedule(job, at, trace));
    }

    /// <summary>Hands over what is queued, as far as there is time.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Writer.TryComplete();
        if (ExecuteTask is { } running) await Task.WhenAny(running, Task.Delay(Timeout.Infinite, cancellationToken));
        await base.StopAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Parallel.ForEachAsync(
        queue.Reader.ReadAllAsync(stoppingToken), new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = stoppingToken },
        (handOver, _) =>
        {
            try
            {
                handOver();
            }
            catch (Exception exception)
            {
                LogLost(exception);
            }

            return ValueTask.CompletedTask;
        });

    [LoggerMessage(LogLevel.Warning, "A job could not be handed to Hangfire; recovery will schedule it again")]
    private partial void LogLost(Exception exception);
}
