using MetaMessaging.Infrastructure.Persistence;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

public sealed class SqliteWriteLockTests
{
    [Fact]
    public async Task Where_the_database_has_one_writer_they_take_turns()
    {
        using var turn = new SqliteWriteLock(DatabaseProvider.Sqlite);
        var first = turn.Take();

        var second = turn.TakeAsync(first: false, TestContext.Current.CancellationToken);

        Assert.False(second.IsCompleted);
        first.Dispose();
        (await second).Dispose();
    }

    [Fact]
    public async Task What_Meta_sends_waits_for_one_other_at_most()
    {
        using var turn = new SqliteWriteLock(DatabaseProvider.Sqlite);
        var current = await turn.TakeAsync(first: false, TestContext.Current.CancellationToken);
        var others = Enumerable.Range(0, 8).Select(_ => turn.TakeAsync(first: false, TestContext.Current.CancellationToken)).ToList();

        var pump = turn.TakeAsync(first: true, TestContext.Current.CancellationToken);
        current.Dispose();
        (await pump).Dispose();

        foreach (var other in others) (await other).Dispose();
    }

    [Fact]
    public async Task Who_stops_waiting_keeps_nobody_else_from_it()
    {
        using var turn = new SqliteWriteLock(DatabaseProvider.Sqlite);
        using var impatience = new CancellationTokenSource();
        var current = turn.Take();
        var given = turn.TakeAsync(first: false, impatience.Token);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);

        var next = turn.TakeAsync(first: false, TestContext.Current.CancellationToken);
        current.Dispose();
        (await next).Dispose();
    }

    [Fact]
    public async Task Where_it_has_many_nobody_waits()
    {
        using var turn = new SqliteWriteLock(DatabaseProvider.SqlServer);
        using var first = turn.Take();

        using var second = await turn.TakeAsync(first: false, TestContext.Current.CancellationToken);
    }
}
