using Hangfire;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Connections;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Application.Upkeep;
using Microsoft.Extensions.Hosting;

namespace MetaMessaging.Infrastructure.Jobs;

/// <summary>Sets the clocks that repeat, and looks once at start for what the last process left behind.</summary>
internal sealed class RecurringJobs(IRecurringJobManager recurring, IJobs jobs) : IHostedService
{
    /// <summary>A running node's own alarms ring within this time.</summary>
    private static readonly TimeSpan Overdue = TimeSpan.FromMinutes(-2);

    /// <summary>At start the alarms up to here are set again; what is due later becomes overdue first.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromHours(1);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        recurring.AddOrUpdate<SliceJob>(
            "pick-up-what-was-left", job => job.RunAsync(new RecoverOverdueWork(Overdue), CancellationToken.None), Cron.Minutely());
        recurring.AddOrUpdate<SliceJob>(
            "check-every-connection", job => job.RunAsync(new CheckEveryConnection(), CancellationToken.None), Cron.Daily(4));
        recurring.AddOrUpdate<SliceJob>("purge-deliveries", job => job.RunAsync(new PurgeDeliveries(), CancellationToken.None), Cron.Hourly(17));
        recurring.AddOrUpdate<SliceJob>(
            "refresh-profiles", job => job.RunAsync(new RefreshProfiles(), CancellationToken.None), "*/5 * * * *");
        recurring.AddOrUpdate<SliceJob>(
            "sweep-media", job => job.RunAsync(new SweepMedia(), CancellationToken.None), Cron.Daily(3));
        jobs.Enqueue(new RecoverOverdueWork(Soon));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
