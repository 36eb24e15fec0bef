using Hangfire;
using MetaMessaging.Application.Maintenance;

namespace MetaMessaging.Infrastructure.Jobs;

/// <summary>At start tells Hangfire every recurring job's schedule, and recovers what the last process left behind.</summary>
internal sealed class RecurringJobs(IRecurringJobManager recurring, IEnumerable<IRecurringJob> all, IJobs jobs) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var job in all)
        {
            var id = JsonNamingPolicy.KebabCaseLower.ConvertName(job.GetType().Name);
            recurring.AddOrUpdate<SliceJob>(id, slice => slice.RunAsync(job, CancellationToken.None), job.Schedule);
        }

        jobs.Enqueue(new RecoverOverdueWork(RecoverOverdueWork.LookAheadAtStart));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
