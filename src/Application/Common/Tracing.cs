using System.Diagnostics;

namespace MetaMessaging.Application.Common;

/// <summary>The activities of this app, for OpenTelemetry; without a listener none is created. What follows later from a row continues the
/// trace that is stored in it, in the format of the W3C's traceparent.</summary>
public static class Tracing
{
    public const string SourceName = "MetaMessaging";

    /// <summary>OpenTelemetry keeps so many links of a span.</summary>
    private const int MaxLinks = 128;

    internal static readonly ActivitySource Source = new(SourceName);

    /// <summary>To store in a row: null unless the current activity is recorded.</summary>
    public static string? CurrentContext =>
        Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } current ? current.Id : null;

    /// <returns>Null where nothing is traced, or when there is no trace to continue.</returns>
    public static Activity? Continue(string name, string? context, ActivityKind kind = ActivityKind.Internal) =>
        context is not null && Source.HasListeners() && ActivityContext.TryParse(context, null, isRemote: true, out var parent)
            ? Source.StartActivity(name, kind, parent)
            : null;

    /// <summary>As <see cref="Continue(string, string?, ActivityKind)"/>, in the trace of an activity that may have ended.</summary>
    /// <returns>Null when it is the current one.</returns>
    public static Activity? Continue(string name, Activity? former) =>
        former is not null && former != Activity.Current && Source.HasListeners()
            ? Source.StartActivity(name, ActivityKind.Internal, former.Context)
            : null;

    /// <summary>A job has a trace of its own where nothing is continued.</summary>
    public static Activity? StartJob(string name, string? context) =>
        Continue(name, context, ActivityKind.Consumer)
        ?? (Source.HasListeners() ? Source.StartActivity(name, ActivityKind.Consumer, parentContext: default) : null);

    /// <summary>As OpenTelemetry's conventions for messaging say: what handles several at once has a trace of its own, with a link to each.
    /// Of a single one it continues the trace.</summary>
    public static Activity? StartBatch<T>(string operation, string queue, IReadOnlyCollection<T> items, Func<T, string?> contextOf)
    {
        if (!Source.HasListeners()) return null;
        var parents = new List<ActivityContext>();
        foreach (var context in items.Select(contextOf).OfType<string>().Take(MaxLinks))
            if (ActivityContext.TryParse(context, null, isRemote: true, out var parent)) parents.Add(parent);
        if (parents.Count == 0) return null;

        var name = $"{operation} {queue}";
        var activity = items.Count == 1
            ? Source.StartActivity(name, ActivityKind.Consumer, parents[0])
            : Source.StartActivity(
                name, ActivityKind.Consumer, parentContext: default, links: parents.Select(parent => new ActivityLink(parent)));
        return activity?.SetTag("messaging.system", "metamessaging").SetTag("messaging.operation.name", operation)
            .SetTag("messaging.destination.name", queue).SetTag("messaging.batch.message_count", items.Count);
    }

    /// <summary>Continues the trace of a row that the current activity changes, such as the sent message that a receipt names. Both
    /// activities get a link to each other.</summary>
    public static Activity? ContinueLinked(string name, string? context)
    {
        if (Activity.Current is not { Recorded: true } current) return Continue(name, context);
        if (Continue(name, context) is not { } activity) return null;
        current.AddLink(new ActivityLink(activity.Context));
        return activity.AddLink(new ActivityLink(current.Context));
    }
}
