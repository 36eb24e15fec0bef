namespace MetaMessaging.Application.Common;

/// <summary>
/// Schedules a feature's jobs again from its rows, because the jobs themselves may have been lost with a process. It sits beside the
/// job, is found by scanning, and is called at start and then every minute.
/// </summary>
internal interface IRecovery
{
    /// <summary>The rest is found by the next run.</summary>
    const int MaxPerRun = 1000;

    /// <param name="horizon">Rows that are due up to this time get their job again: in the future at start, in the past later.</param>
    Task RecoverAsync(DateTimeOffset now, DateTimeOffset horizon, CancellationToken cancellationToken);
}
