namespace MetaMessaging.Application.Common;

/// <summary>Schedules jobs again from their rows, because a process may have lost them; called at start and then every minute.</summary>
internal interface IRecovery
{
    /// <summary>The rest is found by the next run.</summary>
    const int MaxPerRun = 1000;

    /// <param name="horizon">Rows that are due up to this time get their job again: in the future at start, in the past later.</param>
    Task RecoverAsync(DateTimeOffset now, DateTimeOffset horizon, CancellationToken cancellationToken);
}
