using System.Collections.Concurrent;
using System.Reflection;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using MetaMessaging.Application.Common;

namespace MetaMessaging.Infrastructure.Jobs;

internal sealed class HangfireJobs(IBackgroundJobClient client) : IJobs
{
    /// <summary>Hangfire drops fractions of a second; a job that comes before its row is due would find nothing to do.</summary>
    private static readonly TimeSpan UpToTheSecond = TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1);

    private static readonly MethodInfo Run = typeof(SliceJob).GetMethod(nameof(SliceJob.RunAsync))!;
    private static readonly ConcurrentDictionary<Type, MethodInfo> RunOf = new();

    public void Enqueue(IJob job) => client.Create(JobOf(job), new EnqueuedState());

    public void Schedule(IJob job, DateTimeOffset at) => client.Create(JobOf(job), new ScheduledState((at + UpToTheSecond).UtcDateTime));

    private static Job JobOf(IJob job) =>
        new(typeof(SliceJob), RunOf.GetOrAdd(job.GetType(), type => Run.MakeGenericMethod(type)), job, CancellationToken.None);
}
