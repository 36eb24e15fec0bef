using Hangfire;

namespace MetaMessaging.Infrastructure.Jobs;

internal sealed class HangfireJobs(IBackgroundJobClient client) : IJobs
{
    /// <summary>Hangfire drops fractions of a second, and a job that starts before its row is due does nothing.</summary>
    private static readonly TimeSpan RoundingOffset = TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1);

    public void Enqueue(IJob job) => client.Enqueue<SliceJob>(slice => slice.RunAsync(job, CancellationToken.None));

    public void Schedule(IJob job, DateTimeOffset at) =>
        client.Schedule<SliceJob>(slice => slice.RunAsync(job, CancellationToken.None), at + RoundingOffset);
}
