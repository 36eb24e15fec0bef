using System.Diagnostics.Metrics;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Infrastructure.Tests.Inbound;
using MetaMessaging.Testing;
using Microsoft.Data.Sqlite;
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

    [Fact]
    public async Task Readers_that_overlap_all_the_time_do_not_keep_the_log_from_being_begun_anew()
    {
        await using var host = await WorkerHost.OpenAsync();
        var writer = await host.RunAsync(host.NewWriter());
        var checkpointer = NewCheckpointer(host);
        using var readers = new OverlappingReaders(host.File);

        for (var round = 0; round < 8; round++)
        {
            for (var i = 0; i < 6; i++) await writer.StoreAsync(Large, TestContext.Current.CancellationToken);
            checkpointer.Copy();
        }

        Assert.InRange(LengthOfLog(host), 0, 26 * 1024 * 1024);   // 48 MB and more otherwise
    }

    [Fact]
    public async Task A_log_that_has_grown_behind_a_long_reader_is_cut_when_the_reader_has_ended()
    {
        await using var host = await WorkerHost.OpenAsync();
        var writer = await host.RunAsync(host.NewWriter());
        var checkpointer = NewCheckpointer(host);
        var reader = OverlappingReaders.Begin(host.File);
        for (var i = 0; i < 50; i++) await writer.StoreAsync(Large, TestContext.Current.CancellationToken);
        checkpointer.Copy();
        Assert.True(LengthOfLog(host) > 50 * Large.Length);

        await reader.DisposeAsync();
        checkpointer.Copy();
        await writer.StoreAsync(Large, TestContext.Current.CancellationToken);

        Assert.Equal(32 * 1024 * 1024, LengthOfLog(host));
    }

    private static WalCheckpointer NewCheckpointer(WorkerHost host) =>
        new(
            host.Services,
            host.Services.GetRequiredService<SqliteWriteLock>(),
            TimeProvider.System,
            host.Services.GetRequiredService<IMeterFactory>(),
            NullLogger<WalCheckpointer>.Instance);

    private static long LengthOfLog(WorkerHost host) => new FileInfo(host.File + "-wal").Length;

    /// <summary>Each reads for 150 ms at a time, and the next reader begins before the last one has ended.</summary>
    private sealed class OverlappingReaders : IDisposable
    {
        private readonly CancellationTokenSource end = new();
        private readonly Task[] readers;

        public OverlappingReaders(string file) => readers = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() => ReadAsync(file)))];

        public static SqliteConnection Begin(string file)
        {
            var connection = new SqliteConnection($"Data Source={file};Pooling=False");
            connection.Open();
            var command = connection.CreateCommand();
            command.CommandText = "BEGIN; SELECT count(*) FROM leases";
            command.ExecuteScalar();
            return connection;
        }

        public void Dispose()
        {
            end.Cancel();
            Task.WaitAll(readers);
            end.Dispose();
        }

        private async Task ReadAsync(string file)
        {
            while (!end.IsCancellationRequested)
            {
                await using var connection = Begin(file);
                await Task.Delay(150, CancellationToken.None);
            }
        }
    }
}
