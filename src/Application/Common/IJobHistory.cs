namespace MetaMessaging.Application.Common;

/// <summary>What the clock still remembers of jobs. With storage in memory that is an hour or so.</summary>
public interface IJobHistory
{
    /// <summary>The newest jobs that are one of these.</summary>
    IReadOnlyList<JobTrace> Find(IReadOnlyCollection<IJob> jobs);
}

/// <param name="Id">In the jobs dashboard.</param>
/// <param name="State">Scheduled, Enqueued, Processing, Succeeded, Failed.</param>
/// <param name="At">When it got into that state, or is due.</param>
public sealed record JobTrace(string Id, string Name, string State, DateTimeOffset? At);
