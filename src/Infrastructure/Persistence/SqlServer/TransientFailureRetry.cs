using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Repeats what ended by a deadlock or a lost connection, as in a fail-over. SQLite needs none: its writers
/// wait for each other.</summary>
internal sealed class TransientFailureRetry(ExecutionStrategyDependencies dependencies)
    : ExecutionStrategy(dependencies, maxRetryCount: 4, maxRetryDelay: TimeSpan.FromSeconds(2))
{
    /// <summary>A request is answered within 10 s, and the last try may take as long as connecting does.</summary>
    internal static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(4);

    private readonly long started = Stopwatch.GetTimestamp();

    protected override bool ShouldRetryOn(Exception exception) =>
        StorageFailure.IsTransient(exception) && Stopwatch.GetElapsedTime(started) < MaxDuration;
}
