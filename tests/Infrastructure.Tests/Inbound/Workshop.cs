using MetaMessaging.Domain.Inbound;
using MetaMessaging.Infrastructure.Inbound;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MetaMessaging.Infrastructure.Tests.Inbound;

/// <summary>A database with the workers that run on it: the real ones, on real time, started when a test says so.</summary>
internal sealed class Workshop : IAsyncDisposable
{
    private readonly TestFolder folder = new();
    private readonly List<Microsoft.Extensions.Hosting.BackgroundService> running = [];

    private Workshop() { }

    public Fakes Fakes { get; } = new();

    public ServiceProvider Services { get; private set; } = null!;

    public InboundSignal Signal => Services.GetRequiredService<InboundSignal>();

    public InboundLoadShedding Load => Services.GetRequiredService<InboundLoadShedding>();

    public string File => folder.File("app.db");

    public static async Task<Workshop> OpenAsync()
    {
        var workshop = new Workshop();
        await SqliteTemplate.CopyToAsync(workshop.File);
        workshop.Services = SliceServices.Build("Sqlite", $"Data Source={workshop.File}", () => workshop.Fakes);
        return workshop;
    }

    public GroupCommitWriter NewWriter() => new(Services, Signal, Services.GetRequiredService<SqliteWriteLock>(), TimeProvider.System, NullLogger<GroupCommitWriter>.Instance);

    public Leases NewLeases(TimeProvider? clock = null) => new(Services, clock ?? TimeProvider.System, NullLogger<Leases>.Instance);

    public InboundWorker NewPump() => new(Services, Signal, Load, NewLeases(), TimeProvider.System, NullLogger<InboundWorker>.Instance);

    public async Task<T> RunAsync<T>(T worker) where T : Microsoft.Extensions.Hosting.BackgroundService
    {
        await worker.StartAsync(CancellationToken.None);
        running.Add(worker);
        return worker;
    }

    public async Task<T> InDatabaseAsync<T>(Func<AppDbContext, Task<T>> work)
    {
        await using var scope = Services.CreateSystemScope();
        return await work(scope.ServiceProvider.GetRequiredService<AppDbContext>());
    }

    public Task AddAsync(params object[] entities) => InDatabaseAsync(async db =>
    {
        await db.SeedAsync(entities);
        return true;
    });

    /// <summary>Stores deliveries in this order and tells the pump.</summary>
    public async Task DeliverAsync(params byte[][] bodies)
    {
        await AddAsync([.. bodies.Select(body => new WebhookDelivery(body, Fakes.Clock.Now))]);
        Signal.Set();
    }

    public async Task<List<WebhookDelivery>> UntilWorkedOffAsync()
    {
        await Until.True(() => InDatabaseAsync(async db => !await db.WebhookDeliveries.AnyAsync(d => d.State == WebhookDeliveryState.Pending)), "every delivery is worked off");
        return await InDatabaseAsync(db => db.WebhookDeliveries.AsNoTracking().OrderBy(d => d.Id).ToListAsync());
    }

    public Task<List<string?>> TextsAsync() => InDatabaseAsync(db => db.Messages.OrderBy(m => m.Id).Select(m => m.Text).ToListAsync());

    /// <summary>Another process's view of the file.</summary>
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
        foreach (var worker in running)
        {
            await worker.StopAsync(CancellationToken.None);
            worker.Dispose();
        }

        await Services.DisposeAsync();
        using (var connection = new SqliteConnection($"Data Source={File}")) SqliteConnection.ClearPool(connection);
        folder.Dispose();
    }
}
