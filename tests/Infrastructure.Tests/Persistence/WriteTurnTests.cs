using MetaMessaging.Infrastructure.Persistence;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

public sealed class WriteTurnTests
{
    [Fact]
    public async Task Where_the_database_has_one_writer_they_take_turns()
    {
        using var turn = new WriteTurn(DatabaseProvider.Sqlite);
        var first = turn.Take();

        var second = turn.TakeAsync(TestContext.Current.CancellationToken);

        Assert.False(second.IsCompleted);
        first.Dispose();
        (await second).Dispose();
    }

    [Fact]
    public async Task Where_it_has_many_nobody_waits()
    {
        using var turn = new WriteTurn(DatabaseProvider.SqlServer);
        using var first = turn.Take();

        using var second = await turn.TakeAsync(TestContext.Current.CancellationToken);
    }
}
