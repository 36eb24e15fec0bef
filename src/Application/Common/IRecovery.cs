namespace MetaMessaging.Application.Common;

/// <summary>Schedules jobs again from their rows, because a process may have lost them; called at start and then every minute.</summary>
internal interface IRecovery
{
    /// <summary>The rest is found by the next run.</summary>
    const int MaxPerRun = 1000;

    /// <param name="horizon">Rows that are due up to this time get their job again: in the future at start, in the past later.</param>
    Task RecoverAsync(DateTimeOffset now, DateTimeOffset horizon, CancellationToken cancellationToken);
}

/// <summary>A row and when its job is due. Queries set both properties, or EF Core cannot translate the filter.</summary>
internal sealed record DueRow
{
    public long Id { get; init; }

    public DateTimeOffset? DueAt { get; init; }
}

internal static class DueRows
{
    public static async Task RecoverAsync(
        this IJobs jobs, IQueryable<DueRow> rows, DateTimeOffset horizon, Func<long, IJob> jobOf, CancellationToken cancellationToken)
    {
        var due = await rows.Where(r => r.DueAt <= horizon).OrderBy(r => r.DueAt).Take(IRecovery.MaxPerRun).ToListAsync(cancellationToken);
        foreach (var row in due) jobs.Schedule(jobOf(row.Id), row.DueAt!.Value);
    }
}
