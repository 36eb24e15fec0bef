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
        await using var workshop = await Workshop.OpenAsync();
        var writer = await workshop.RunAsync(workshop.NewWriter());
        var checkpoints = Checkpoints(workshop);
        for (var i = 0; i < 4; i++) await writer.StoreAsync(Large, TestContext.Current.CancellationToken);
        var length = LengthOfLog(workshop);
        Assert.True(length > 4 * Large.Length);

        for (var round = 0; round < 3; round++)
        {
            checkpoints.Copy();
            for (var i = 0; i < 3; i++) await writer.StoreAsync(Large, TestContext.Current.CancellationToken);
        }

        Assert.Equal(length, LengthOfLog(workshop));
        Assert.Equal(13, await workshop.CountFromOutsideAsync("webhook_deliveries"));
    }

    [Fact]
    public async Task It_is_copied_again_and_again_while_deliveries_come()
    {
        await using var workshop = await Workshop.OpenAsync();
        var writer = await workshop.RunAsync(workshop.NewWriter());
        await workshop.RunAsync(Checkpoints(workshop));
        var before = new FileInfo(workshop.File).Length;

        for (var i = 0; i < 4; i++) await writer.StoreAsync(Large, TestContext.Current.CancellationToken);

        await Until.True(() => Task.FromResult(new FileInfo(workshop.File).Length > before + 4 * Large.Length), "the file holds what the log held");
    }

    private static WalCheckpointer Checkpoints(Workshop workshop) =>
        new(workshop.Services, workshop.Services.GetRequiredService<SqliteWriteLock>(), TimeProvider.System, NullLogger<WalCheckpointer>.Instance);

    private static long LengthOfLog(Workshop workshop) => new FileInfo(workshop.File + "-wal").Length;
}
