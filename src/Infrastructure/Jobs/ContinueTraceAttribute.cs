using System.Diagnostics;
using Hangfire.Common;
using Hangfire.Server;

namespace MetaMessaging.Infrastructure.Jobs;

/// <summary>A job belongs to the trace of what has scheduled it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ContinueTraceAttribute : JobFilterAttribute, IServerFilter
{
    /// <summary>The job's parameter.</summary>
    public const string Parameter = "traceparent";

    public void OnPerforming(PerformingContext context)
    {
        // Read with the job, so it takes no round trip.
        var traceParent = context.GetJobParameter<string?>(Parameter, allowStale: true);
        context.Items[Parameter] = Tracing.StartJob($"job {context.BackgroundJob.Job.Args[0].GetType().Name}", traceParent);
    }

    public void OnPerformed(PerformedContext context)
    {
        if (context.Items[Parameter] is not Activity activity) return;
        if (context.Exception is { } exception) activity.SetStatus(ActivityStatusCode.Error, exception.GetBaseException().GetType().Name);
        activity.Dispose();
    }
}
