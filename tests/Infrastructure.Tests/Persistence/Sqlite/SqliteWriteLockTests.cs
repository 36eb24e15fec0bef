using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Infrastructure.Tests.Inbound;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

public sealed class SqliteWriteLockTests
{
    [Fact]
    public async Task On_SQLite_a_writer_waits_for_the_one_before_it()
    {
        using var writeLock = new SqliteWriteLock(DatabaseProvider.Sqlite);
        var first = writeLock.Take();

        var second = writeLock.TakeAsync(hasPriority: false, TestContext.Current.CancellationToken);

        Assert.False(second.IsCompleted);
        first.Dispose();
        (await second).Dispose();
    }

    [Fact]
    public async Task A_writer_with_priority_waits_for_one_other_at_most()
    {
        using var writeLock = new SqliteWriteLock(DatabaseProvider.Sqlite);
        var current = await writeLock.TakeAsync(hasPriority: false, TestContext.Current.CancellationToken);
        var others = Enumerable.Range(0, 8)
            .Select(_ => writeLock.TakeAsync(hasPriority: false, TestContext.Current.CancellationToken))
            .ToList();

        var prioritized = writeLock.TakeAsync(hasPriority: true, TestContext.Current.CancellationToken);
        current.Dispose();
        (await prioritized).Dispose();

        foreach (var other in others) (await other).Dispose();
    }

    [Fact]
    public async Task A_writer_that_stops_waiting_does_not_block_the_next_one()
    {
        using var writeLock = new SqliteWriteLock(DatabaseProvider.Sqlite);
        using var cancellation = new CancellationTokenSource();
        var current = writeLock.Take();
        var cancelled = writeLock.TakeAsync(hasPriority: false, cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);

        var next = writeLock.TakeAsync(hasPriority: false, TestContext.Current.CancellationToken);
        current.Dispose();
        (await next).Dispose();
    }

    [Fact]
    public async Task A_writer_that_waits_too_long_gives_up_and_does_not_block_the_next_one()
    {
        using var writeLock = new SqliteWriteLock(DatabaseProvider.Sqlite);
        var current = writeLock.Take();

        foreach (var hasPriority in new[] { false, true })
        {
            await Assert.ThrowsAnyAsync<TimeoutException>(
                () => writeLock.TakeAsync(hasPriority, TimeSpan.FromMilliseconds(1), TestContext.Current.CancellationToken));
        }

        current.Dispose();
        (await writeLock.TakeAsync(hasPriority: false, TestContext.Current.CancellationToken)).Dispose();
    }

    [Fact]
    public async Task A_save_that_has_nothing_to_write_does_not_wait()
    {
        await using var host = await WorkerHost.OpenAsync();
        using var heldLock = host.Services.GetRequiredService<SqliteWriteLock>().Take();

        Assert.Equal(0, await host.InDatabaseAsync(db => db.SaveChangesAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task On_SQL_Server_no_writer_waits()
    {
        using var writeLock = new SqliteWriteLock(DatabaseProvider.SqlServer);
        using var first = writeLock.Take();

        using var second = await writeLock.TakeAsync(hasPriority: false, TestContext.Current.CancellationToken);
    }
}
