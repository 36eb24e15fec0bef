using MetaMessaging.Domain.Inbound;
using MetaMessaging.Infrastructure.Inbound;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MetaMessaging.Infrastructure.Tests.Inbound;

/// <summary>A database file with the real background workers on it, on real time. A test starts the workers that it needs.</summary>
internal sealed class WorkerHost : IAsyncDisposable
{
    private readonly TestFolder folder = new();
    private readonly List<BackgroundService> running = [];

    private WorkerHost() { }

    public Fakes Fakes { get; } = new();

    public ServiceProvider Services { get; private set; } = null!;

    public WakeUpSignal WakeUp => Services.GetRequiredService<WakeUpSignal>();

    public WebhookTraffic Traffic => Services.GetRequiredService<WebhookTraffic>();

    public InboundLoadShedding Load => Services.GetRequiredService<InboundLoadShedding>();

    public string File => folder.File("app.db");

    public static async Task<WorkerHost> OpenAsync(params IInterceptor[] interceptors)
    {
        var host = new WorkerHost();
        await SqliteTemplate.CopyToAsync(host.File);
        host.Services = SliceServices.Build("Sqlite", $"Data Source={host.File}", () => host.Fakes, interceptors);
        return host;
    }

    public GroupCommitWriter NewWriter() => new(
        Services,
        WakeUp,
        Traffic,
        Services.GetRequiredService<SqliteWriteLock>(),
        Services.GetRequiredService<StorageHealth>(),
        TimeProvider.System,
        NullLogger<GroupCommitWriter>.Instance);

    public TestNode NewNode(TimeProvider? clock = null) => new(Services, clock ?? TimeProvider.System);

    /// <summary>Starts a node with a worker, once the node has taken its share of the partitions.</summary>
    public async Task<TestNode> RunNodeAsync(TestNode? node = null, ILogger<InboundWorker>? logger = null)
    {
        node ??= NewNode();
        if (node.Leases.Held().Count == 0) await node.BeatAsync();
        await RunAsync(node.Heartbeat);
        node.Worker = await RunAsync(new InboundWorker(
            Services, WakeUp, Traffic, Load, node.Leases, TimeProvider.System, logger ?? NullLogger<InboundWorker>.Instance));
        return node;
    }

    public async Task<T> RunAsync<T>(T worker) where T : BackgroundService
    {
        await worker.StartAsync(CancellationToken.None);
        running.Add(worker);
        return worker;
    }

    public async Task<T> InDatabaseAsync<T>(Func<AppDbContext, Task<T>> work)
    {
        await using var scope = Services.CreateAllOrganizationsScope();
        return await work(scope.ServiceProvider.GetRequiredService<AppDbContext>());
    }

    public Task AddAsync(params object[] entities) => InDatabaseAsync(async db =>
    {
        await db.SeedAsync(entities);
        return true;
    });

    /// <summary>Stores deliveries in this order and wakes the inbound worker.</summary>
    public async Task DeliverAsync(params byte[][] bodies)
    {
        await AddAsync([.. bodies.Select(body => new WebhookDelivery(body, Fakes.Clock.Now))]);
        WakeUp.Set();
    }

    public async Task<List<WebhookDelivery>> UntilProcessedAsync()
    {
        await Until.True(
            () => InDatabaseAsync(async db => !await db.WebhookDeliveries.AnyAsync(d => d.State == WebhookDeliveryState.Pending)),
            "every delivery is processed");
        return await InDatabaseAsync(db => db.WebhookDeliveries.AsNoTracking().OrderBy(d => d.Id).ToListAsync());
    }

    public Task<List<string?>> TextsAsync() => InDatabaseAsync(db => db.Messages.OrderBy(m => m.Id).Select(m => m.Text).ToListAsync());

    /// <summary>Runs SQL over a connection of its own, as another process would.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written by the tests themselves.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    public async Task<long> CountFromOutsideAsync(string table)
    {
        await using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written by the tests themselves.
        command.CommandText = $"SELECT count(*) FROM {table}";
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in running.AsEnumerable().Reverse())
        {
            await worker.StopAsync(CancellationToken.None);
            worker.Dispose();
        }

        await Services.DisposeAsync();
        using (var connection = new SqliteConnection($"Data Source={File}")) SqliteConnection.ClearPool(connection);
        folder.Dispose();
    }
}
