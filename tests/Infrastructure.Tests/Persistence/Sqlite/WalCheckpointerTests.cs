using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Infrastructure.Tests.Inbound;
using MetaMessaging.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

public sealed class WalCheckpointerTests
{
    private static readonly byte[] Large = new byte[1024 * 1024];

    [Fact]
    public async Task After_a_checkpoint_the_log_is_written_from_its_beginning()
    {
        await using var host = await WorkerHost.OpenAsync();
        var writer = await host.RunAsync(host.NewWriter());
        var checkpointer = NewCheckpointer(host);
        for (var i = 0; i < 4; i++) await writer.StoreAsync(Large, TestContext.Current.CancellationToken);
        var length = LengthOfLog(host);
        Assert.True(length > 4 * Large.Length);

        for (var round = 0; round < 3; round++)
        {
            checkpointer.Copy();
            for (var i = 0; i < 3; i++) await writer.StoreAsync(Large, TestContext.Current.CancellationToken);
        }

        Assert.Equal(length, LengthOfLog(host));
        Assert.Equal(13, await host.CountFromOutsideAsync("webhook_deliveries"));
    }

    [Fact]
    public async Task Checkpoints_are_repeated_while_deliveries_arrive()
    {
        await using var host = await WorkerHost.OpenAsync();
        var writer = await host.RunAsync(host.NewWriter());
        await host.RunAsync(NewCheckpointer(host));
        var before = new FileInfo(host.File).Length;

        for (var i = 0; i < 4; i++) await writer.StoreAsync(Large, TestContext.Current.CancellationToken);

        await Until.True(
            () => Task.FromResult(new FileInfo(host.File).Length > before + 4 * Large.Length), "the file holds what the log held");
    }

    private static WalCheckpointer NewCheckpointer(WorkerHost host) =>
        new(
            host.Services,
            host.Services.GetRequiredService<SqliteWriteLock>(),
            TimeProvider.System,
            NullLogger<WalCheckpointer>.Instance);

    private static long LengthOfLog(WorkerHost host) => new FileInfo(host.File + "-wal").Length;
}
