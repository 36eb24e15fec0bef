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
    public async Task Once_the_log_is_copied_it_begins_anew()
    {
        await using var host = await WorkerHost.OpenAsync();
        var writer = await host.RunAsync(host.NewWriter());
        var checkpoints = Checkpoints(host);
        for (var i = 0; i < 4; i++) await writer.StoreAsync(Large, TestContext.Current.CancellationToken);
        var length = LengthOfLog(host);
        Assert.True(length > 4 * Large.Length);

        for (var round = 0; round < 3; round++)
        {
            checkpoints.Copy();
            for (var i = 0; i < 3; i++) await writer.StoreAsync(Large, TestContext.Current.CancellationToken);
        }

        Assert.Equal(length, LengthOfLog(host));
        Assert.Equal(13, await host.CountFromOutsideAsync("webhook_deliveries"));
    }

    [Fact]
    public async Task It_is_copied_again_and_again_while_deliveries_come()
    {
        await using var host = await WorkerHost.OpenAsync();
        var writer = await host.RunAsync(host.NewWriter());
        await host.RunAsync(Checkpoints(host));
        var before = new FileInfo(host.File).Length;

        for (var i = 0; i < 4; i++) await writer.StoreAsync(Large, TestContext.Current.CancellationToken);

        await Until.True(() => Task.FromResult(new FileInfo(host.File).Length > before + 4 * Large.Length), "the file holds what the log held");
    }

    private static WalCheckpointer Checkpoints(WorkerHost host) =>
        new(host.Services, host.Services.GetRequiredService<SqliteWriteLock>(), TimeProvider.System, NullLogger<WalCheckpointer>.Instance);

    private static long LengthOfLog(WorkerHost host) => new FileInfo(host.File + "-wal").Length;
}
