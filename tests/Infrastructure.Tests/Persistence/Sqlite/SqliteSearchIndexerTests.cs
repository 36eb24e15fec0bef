using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Infrastructure.Tests.Inbound;
using MetaMessaging.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

public sealed class SqliteSearchIndexerTests
{
    private const string Indexed = "search_progress WHERE indexed_up_to > 0";

    /// <summary>A new database has no index yet, so there are two transactions: one that resets it, one with the rows.</summary>
    [Fact]
    public async Task A_history_that_is_indexed_leaves_time_to_the_writers_that_it_has_held_up()
    {
        await using var host = await WorkerHost.OpenAsync();
        await host.AddAsync(Some.Conversation().Contact);
        var writeLock = host.Services.GetRequiredService<SqliteWriteLock>();
        var clock = new PausingClock();
        var first = writeLock.Take();
        await host.RunAsync(new SqliteSearchIndexer(host.Services, writeLock, clock, NullLogger<SqliteSearchIndexer>.Instance));
        await Until.True(() => writeLock.HasWaiters, "the indexer waits");
        var other = writeLock.TakeAsync(hasPriority: true, TestContext.Current.CancellationToken);

        first.Dispose();
        (await other).Dispose();
        await Until.True(() => clock.HasPaused, "the indexer pauses");
        Assert.Equal(0, await host.CountFromOutsideAsync(Indexed));

        clock.Advance(TimeSpan.FromMilliseconds(100));
        await Until.True(async () => await host.CountFromOutsideAsync(Indexed) > 0, "the rest is indexed");
    }

    private sealed class PausingClock : FakeTimeProvider
    {
        public bool HasPaused { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            HasPaused |= period == Timeout.InfiniteTimeSpan;
            return timer;
        }
    }
}
