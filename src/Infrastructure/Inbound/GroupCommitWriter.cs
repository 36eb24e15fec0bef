using System.Data.Common;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MetaMessaging.Infrastructure.Inbound;

/// <summary>
/// The durable inbox. One writer a node commits whatever is waiting in one transaction and then releases all of them, so that a
/// burst pays for one flush to disk, not for one each. Full or broken, it says so at once.
/// </summary>
internal sealed partial class GroupCommitWriter(
    IServiceProvider services, InboundSignal signal, SqliteWriteLock turn, TimeProvider clock, ILogger<GroupCommitWriter> logger)
    : BackgroundService, IWebhookInbox
{
    private const int MaxQueuedDeliveries = 10_000;
    private const int MaxQueuedBytes = 256 * 1024 * 1024;
    private const string Insert =
        "INSERT INTO webhook_deliveries (received_at, payload, state, attempts, event_count, failed_events) VALUES (@received_at, @payload, @state, 0, 0, 0)";

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly object gate = new();
    private List<Waiting> queue = [];
    private long bytesWaiting;
    private bool isStopping;

    public Task StoreAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(payload, clock.GetUtcNow());
        lock (gate)
        {
            if (isStopping) throw Unavailable("The app is stopping.");
            if (queue.Count >= MaxQueuedDeliveries || bytesWaiting + payload.Length > MaxQueuedBytes)
                throw Unavailable("Too many deliveries are waiting to be stored.");

            bytesWaiting += payload.Length;
            queue.Add(waiting);
            if (queue.Count == 1) Monitor.Pulse(gate);
        }

        return waiting.Stored.Task;
    }

    public void Wake() => signal.Set();

    /// <summary>On a thread of its own: a commit blocks until the disk has it, and the pool's few threads have requests to read meanwhile.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Whoever is still waiting gets an answer before the process goes.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            isStopping = true;
            Monitor.Pulse(gate);
        }

        await base.StopAsync(cancellationToken);
    }

    private void Run()
    {
        var batch = new List<Waiting>();
        while (TakeWhatWaits(ref batch))
        {
            try
            {
                using var work = services.CreateSystemScope();
                var database = work.ServiceProvider.GetRequiredService<AppDbContext>().Database;
                database.OpenConnection();
                using var command = CreateInsert(database.GetDbConnection());
                do Commit(command, batch);
                while (TakeWhatWaits(ref batch));
            }
            catch (Exception exception)
            {
                LogCommitFailed(exception, batch.Count);
                Release(batch, w => w.Stored.TrySetException(Unavailable("The delivery could not be stored.", exception)));
            }
        }
    }

    /// <summary>Waits until there is something to commit, and takes all of it.</summary>
    /// <returns>False when nothing is left and nothing will come.</returns>
    private bool TakeWhatWaits(ref List<Waiting> batch)
    {
        lock (gate)
        {
            while (queue.Count == 0)
            {
                if (isStopping) return false;
                Monitor.Wait(gate);
            }

            (batch, queue) = (queue, batch);
            return true;
        }
    }

    private void Commit(DbCommand insert, List<Waiting> batch)
    {
        using (turn.Take())
        {
            using var transaction = insert.Connection!.BeginTransaction();
            insert.Transaction = transaction;
            foreach (var waiting in batch)
            {
                insert.Parameters["@received_at"].Value = waiting.ReceivedAt.UtcDateTime;
                insert.Parameters["@payload"].Value = waiting.Payload.ToArray();
                insert.ExecuteNonQuery();
            }

            transaction.Commit();
        }

        signal.Stored(batch.Count);
        Release(batch, w => w.Stored.TrySetResult());
    }

    private void Release(List<Waiting> batch, Action<Waiting> answer)
    {
        lock (gate) bytesWaiting -= batch.Sum(w => (long)w.Payload.Length);
        batch.ForEach(answer);
        batch.Clear();
    }

    private static DbCommand CreateInsert(DbConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText = Insert;
        Add("@received_at", System.Data.DbType.DateTime2);
        Add("@payload", System.Data.DbType.Binary);
        Add("@state", System.Data.DbType.String).Value = nameof(WebhookDeliveryState.Pending);
        return command;

        DbParameter Add(string name, System.Data.DbType type)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.DbType = type;
            command.Parameters.Add(parameter);
            return parameter;
        }
    }

    private static UnavailableException Unavailable(string message, Exception? inner = null) =>
        new("delivery_not_stored", message, RetryAfter, inner);

    [LoggerMessage(LogLevel.Error, "A commit of {Count} deliveries failed; all of them are answered 503")]
    private partial void LogCommitFailed(Exception failure, int count);

    private sealed record Waiting(ReadOnlyMemory<byte> Payload, DateTimeOffset ReceivedAt)
    {
        public TaskCompletionSource Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
