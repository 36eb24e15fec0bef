using Hangfire;
using MetaMessaging.Application.Maintenance;

namespace MetaMessaging.Infrastructure.Jobs;

/// <summary>At start tells Hangfire every recurring job's schedule, and recovers what the last process left behind.</summary>
internal sealed class RecurringJobs(IRecurringJobManager recurring, IEnumerable<IRecurringJob> all, IJobs jobs) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // First, because the recovery of every minute is left out while it runs, and looks less far ahead.
        jobs.Enqueue(new RecoverOverdueWork(RecoverOverdueWork.LookAheadAtStart));
        foreach (var job in all)
        {
            var id = JsonNamingPolicy.KebabCaseLower.ConvertName(job.GetType().Name);
            recurring.AddOrUpdate<SliceJob>(id, slice => slice.RunAsync(job, CancellationToken.None), job.Schedule);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
