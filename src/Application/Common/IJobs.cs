namespace MetaMessaging.Application.Common;

/// <summary>Work for later. Carries ids only, re-reads its row and returns when the work is done or not due.</summary>
public interface IJob : IRequest;

/// <summary>A job that is also started by the clock. It is found by scanning, so it needs a constructor without parameters.</summary>
public interface IRecurringJob : IJob
{
    /// <summary>When it is started, as a cron expression in UTC: minute, hour, day of the month, month, day of the week.</summary>
    string Schedule { get; }
}

/// <summary>Runs jobs in the background. A process may lose them, but not the rows they work on, see <see cref="IRecovery"/>.</summary>
public interface IJobs
{
    void Enqueue(IJob job);

    void Schedule(IJob job, DateTimeOffset at);
}
