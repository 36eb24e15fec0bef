using Hangfire;
using Hangfire.Common;
using Hangfire.States;

namespace MetaMessaging.Infrastructure.Jobs;

internal sealed class HangfireJobs(IBackgroundJobClientV2 client) : IJobs
{
    /// <summary>Hangfire drops fractions of a second, and a job that starts before its row is due does nothing.</summary>
    private static readonly TimeSpan RoundingOffset = TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1);

    public void Enqueue(IJob job) => Enqueue(job, Tracing.CurrentContext);

    public void Enqueue(IJob job, string? traceParent) => Create(job, new EnqueuedState(), traceParent);

    public void Schedule(IJob job, DateTimeOffset at) => Schedule(job, at, Tracing.CurrentContext);

    public void Schedule(IJob job, DateTimeOffset at, string? traceParent) =>
        Create(job, new ScheduledState((at + RoundingOffset).UtcDateTime), traceParent);

    private void Create(IJob job, IState state, string? traceParent) => client.Create(
        Job.FromExpression<SliceJob>(slice => slice.RunAsync(job, CancellationToken.None)), state,
        traceParent is null ? null : new Dictionary<string, object> { [ContinueTraceAttribute.Parameter] = traceParent });
}
