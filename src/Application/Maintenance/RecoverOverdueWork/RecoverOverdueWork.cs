namespace MetaMessaging.Application.Maintenance;

/// <summary>Schedules jobs again that were lost with a process, see <see cref="IRecovery"/>.</summary>
/// <param name="LookAhead">How far into the future rows may be due; negative leaves the jobs of running nodes the time to start.</param>
[NotAudited("It starts work that was requested before.")]
public sealed record RecoverOverdueWork(TimeSpan LookAhead) : IRecurringJob
{
    /// <summary>At start. What is due later than this becomes overdue first.</summary>
    public static readonly TimeSpan LookAheadAtStart = TimeSpan.FromHours(1);

    public RecoverOverdueWork() : this(TimeSpan.FromMinutes(-2)) { }

    string IRecurringJob.Schedule => "* * * * *";
}

internal sealed class RecoverOverdueWorkHandler(IEnumerable<IRecovery> recoveries, TimeProvider clock)
    : AsyncRequestHandler<RecoverOverdueWork>
{
    /// <exception cref="AggregateException">Some recoveries failed; the others were run all the same.</exception>
    protected override async Task Handle(RecoverOverdueWork request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var failures = new List<Exception>();
        foreach (var recovery in recoveries)
        {
            try
            {
                await recovery.RecoverAsync(now, now + request.LookAhead, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                failures.Add(exception);
            }
        }

        if (failures.Count > 0) throw new AggregateException("Some work could not be recovered.", failures);
    }
}
