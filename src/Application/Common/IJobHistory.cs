namespace MetaMessaging.Application.Common;

/// <summary>What Hangfire still knows of jobs: with storage in memory those of the last hour.</summary>
public interface IJobHistory
{
    IReadOnlyList<JobTrace> Find(IReadOnlyCollection<IJob> jobs);

    /// <summary>Jobs that have failed for good, and that nobody has started again or deleted.</summary>
    long CountFailed();
}

/// <param name="Id">In the jobs dashboard.</param>
/// <param name="State">Scheduled, Enqueued, Processing, Succeeded, Failed.</param>
/// <param name="At">When it reached that state; for a scheduled job, when it is due.</param>
public sealed record JobTrace(string Id, string Name, string State, DateTimeOffset? At);
