using System.Data;
using System.Data.Common;
using MetaMessaging.Domain.Figures;
using MetaMessaging.Infrastructure.Persistence;

namespace MetaMessaging.Infrastructure.Inbound;

/// <summary>Commits all deliveries that wait in one transaction and then acknowledges them, so that a burst needs one flush to disk instead
/// of one each. When its queue is full or the database fails, it refuses at once.</summary>
internal sealed partial class GroupCommitWriter(
    IServiceProvider services,
    WakeUpSignal wakeUp,
    WebhookTraffic traffic,
    SqliteWriteLock writeLock,
    StorageHealth health,
    TimeProvider clock,
    ILogger<GroupCommitWriter> logger)
    : BackgroundService, IWebhookInbox
{
    private const int MaxQueuedDeliveries = 10_000;
    private const int MaxQueuedBytes = 256 * 1024 * 1024;
    private const string Queue = "webhook_deliveries";
    private const string Count =
        "UPDATE counters SET value = value + @count WHERE organization_id = @organization AND name = 'PendingDeliveries'";
    private const string FirstCount =
        "INSERT INTO counters (organization_id, name, value) VALUES (@organization, 'PendingDeliveries', @count)";

    /// <summary>Meta waits 20 s for an answer.</summary>
    private const int MaxCommandSeconds = 8;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly object gate = new();
    private List<QueuedDelivery> queue = [];
    private long queuedBytes;
    private bool isStopping;

    public Task StoreAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var delivery = new QueuedDelivery(new NewDelivery(clock.GetUtcNow(), payload, Tracing.CurrentContext));
        lock (gate)
        {
            if (isStopping) throw Unavailable("The app is stopping.");
            if (queue.Count >= MaxQueuedDeliveries || queuedBytes + payload.Length > MaxQueuedBytes)
                throw Unavailable("Too many deliveries are waiting to be stored.");

            queuedBytes += payload.Length;
            queue.Add(delivery);
            if (queue.Count == 1) Monitor.Pulse(gate);
        }

        return delivery.Stored.Task;
    }

    public void Wake() => wakeUp.Set();

    /// <summary>Runs on its own thread: a commit blocks until the disk has it, while the thread pool has requests to serve.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Stores or refuses every delivery that is still queued before the process ends.</summary>
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
        var batch = new List<QueuedDelivery>();
        while (TakeQueued(ref batch))
        {
            try
            {
                using var scope = services.CreateAllOrganizationsScope();
                var database = scope.ServiceProvider.GetRequiredService<AppDbContext>().Database;
                database.OpenConnection();
                using var insert = DeliveryInsert.Prepare(database.GetDbConnection(), MaxCommandSeconds);
                using var counter = CreateCounter(database.GetDbConnection());
                do Commit(insert, counter, batch);
                while (TakeQueued(ref batch));
            }
            catch (Exception exception)
            {
                Refuse(batch, exception);
            }
        }
    }

    private void Refuse(List<QueuedDelivery> batch, Exception exception)
    {
        var refusal = Unavailable("The delivery could not be stored.", exception);
        if (StorageFailure.ReasonOf(exception) is { } reason)
        {
            health.RecordFailure(reason);
            refusal = UnavailableException.OfStorage(reason, exception);
            // Those that came meanwhile would fail as well, after as long a wait as these: Meta waits 20 s for an answer.
            lock (gate)
            {
                batch.AddRange(queue);
                queue.Clear();
            }
        }
        else
        {
            LogCommitFailed(exception, batch.Count);   // of a failure of the database, each request logs the reason
        }

        Complete(batch, d => d.Stored.TrySetException(refusal));
    }

    private bool TakeQueued(ref List<QueuedDelivery> batch)
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

    private void Commit(DeliveryInsert insert, DbCommand counter, List<QueuedDelivery> batch)
    {
        var deliveries = batch.ConvertAll(d => d.Delivery);
        using var activity = Tracing.StartBatch("commit", Queue, deliveries, d => d.TraceParent);
        using (writeLock.Take())
        {
            using var transaction = counter.Connection!.BeginTransaction();
            insert.Write(deliveries, transaction);
            CountPending(counter, transaction, batch.Count);   // last, because the inbound worker waits for the row
            transaction.Commit();
        }

        traffic.RecordCommit(batch.Count);
        wakeUp.Set();
        Complete(batch, d => d.Stored.TrySetResult());
    }

    private void Complete(List<QueuedDelivery> batch, Action<QueuedDelivery> answer)
    {
        lock (gate) queuedBytes -= batch.Sum(d => (long)d.Delivery.Payload.Length);
        batch.ForEach(answer);
        batch.Clear();
    }

    private static void CountPending(DbCommand counter, DbTransaction transaction, int count)
    {
        counter.Transaction = transaction;
        counter.Parameters[0].Value = count;
        counter.CommandText = Count;
        if (counter.ExecuteNonQuery() > 0) return;
        counter.CommandText = FirstCount;
        counter.ExecuteNonQuery();
    }

    private static DbCommand CreateCounter(DbConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandTimeout = MaxCommandSeconds;
        var count = command.CreateParameter();
        (count.ParameterName, count.DbType) = ("@count", DbType.Int32);
        command.Parameters.Add(count);
        var organization = command.CreateParameter();
        (organization.ParameterName, organization.DbType, organization.Value) = ("@organization", DbType.Int64, Counter.NoOrganization);
        command.Parameters.Add(organization);
        return command;
    }

    private static UnavailableException Unavailable(string message, Exception? inner = null) =>
        new("delivery_not_stored", message, RetryAfter, inner);

    [LoggerMessage(LogLevel.Error, "A commit of {Count} deliveries failed; all of them are answered 503")]
    private partial void LogCommitFailed(Exception failure, int count);

    private sealed record QueuedDelivery(NewDelivery Delivery)
    {
        public TaskCompletionSource Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
