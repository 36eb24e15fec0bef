using Hangfire.Common;
using Hangfire.Server;
using Hangfire.Storage;

namespace MetaMessaging.Infrastructure.Jobs;

/// <summary>
/// A recurring job that is due while its last run has not ended, on any node, is left out; the run after that finds what it would have
/// found. Hangfire's DisableConcurrentExecution occupies a worker while it waits, and fails then.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SkipWhileRunningAttribute : JobFilterAttribute, IServerFilter
{
    private const string Lock = "recurring-job-lock";

    public void OnPerforming(PerformingContext context)
    {
        if (context.BackgroundJob.Job.Args[0] is not IRecurringJob job) return;
        try
        {
            context.Items[Lock] = context.Connection.AcquireDistributedLock($"recurring-job:{job.GetType().Name}", TimeSpan.Zero);
        }
        catch (DistributedLockTimeoutException)
        {
            context.Canceled = true;
        }
    }

    public void OnPerformed(PerformedContext context)
    {
        if (context.Items.TryGetValue(Lock, out var held)) ((IDisposable)held).Dispose();
    }
}
