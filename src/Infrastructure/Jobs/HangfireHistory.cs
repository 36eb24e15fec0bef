using Hangfire;
using Hangfire.Common;
using Hangfire.Storage;

namespace MetaMessaging.Infrastructure.Jobs;

/// <summary>Searches the newest 200 jobs of each state, because Hangfire has no index by a job's argument.</summary>
internal sealed class HangfireHistory(JobStorage storage) : IJobHistory
{
    private const int MaxPerState = 200;

    public IReadOnlyList<JobTrace> Find(IReadOnlyCollection<IJob> jobs)
    {
        var monitor = storage.GetMonitoringApi();
        return [.. All(monitor)
            .Where(found => found.Job?.Args is [IJob job, ..] && jobs.Contains(job))
            .Select(found => new JobTrace(found.Id, found.Job!.Args[0].ToString()!, found.State, Utc(found.At)))
            .OrderByDescending(trace => trace.At ?? DateTimeOffset.MaxValue)];
    }

    public long CountFailed() => storage.GetMonitoringApi().FailedCount();

    private static IEnumerable<(string Id, Job? Job, string State, DateTime? At)> All(IMonitoringApi monitor)
    {
        foreach (var (id, job) in monitor.ScheduledJobs(0, MaxPerState)) yield return (id, job?.Job, "Scheduled", job?.EnqueueAt);
        foreach (var queue in monitor.Queues())
        {
            var enqueued = monitor.EnqueuedJobs(queue.Name, 0, MaxPerState);
            foreach (var (id, job) in enqueued) yield return (id, job?.Job, "Enqueued", job?.EnqueuedAt);
        }

        foreach (var (id, job) in monitor.ProcessingJobs(0, MaxPerState)) yield return (id, job?.Job, "Processing", job?.StartedAt);
        foreach (var (id, job) in monitor.FailedJobs(0, MaxPerState)) yield return (id, job?.Job, "Failed", job?.FailedAt);
        foreach (var (id, job) in monitor.SucceededJobs(0, MaxPerState)) yield return (id, job?.Job, "Succeeded", job?.SucceededAt);
    }

    private static DateTimeOffset? Utc(DateTime? at) =>
        at is { } known ? new DateTimeOffset(DateTime.SpecifyKind(known, DateTimeKind.Utc)) : null;
}
