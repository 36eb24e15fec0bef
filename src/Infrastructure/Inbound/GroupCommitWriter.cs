using System.Data.Common;
using System.Threading.Channels;
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
    IServiceProvider services, InboundSignal signal, TimeProvider clock, ILogger<GroupCommitWriter> logger)
    : BackgroundService, IWebhookInbox
{
    private const int MostWaiting = 10_000;
    private const int MostBytesWaiting = 256 * 1024 * 1024;
    private const int MostInOneCommit = 1_000;
    private const string Insert =
        "INSERT INTO webhook_deliveries (received_at, payload, state, attempts, event_count, failed_events) VALUES (@received_at, @payload, @state, 0, 0, 0)";

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly Channel<Waiting> queue = Channel.CreateBounded<Waiting>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private long bytesWaiting;

    public Task StoreAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(payload, clock.GetUtcNow());
        if (Interlocked.Add(ref bytesWaiting, payload.Length) > MostBytesWaiting || !queue.Writer.TryWrite(waiting))
        {
            Interlocked.Add(ref bytesWaiting, -payload.Length);
            throw Unavailable("Too many deliveries are waiting to be stored.");
        }

        return waiting.Stored.Task;
    }

    public void Wake() => signal.Set();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Waiting>(MostInOneCommit);
        while (await queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            await using var work = services.CreateSystemScope();
            var database = work.ServiceProvider.GetRequiredService<AppDbContext>().Database;
            try
            {
                await database.OpenConnectionAsync(CancellationToken.None);
                await using var command = CreateInsert(database.GetDbConnection());
                while (await NextBatchAsync(batch)) await CommitAsync(command, batch);
            }
            catch (Exception failure)
            {
                LogCommitFailed(failure, batch.Count);
                Release(batch, w => w.Stored.TrySetException(Unavailable("The delivery could not be stored.", failure)));
            }
        }

        async Task<bool> NextBatchAsync(List<Waiting> into)
        {
            if (!await queue.Reader.WaitToReadAsync(CancellationToken.None)) return false;
            while (into.Count < MostInOneCommit && queue.Reader.TryRead(out var waiting)) into.Add(waiting);
            return true;
        }
    }

    /// <summary>Whoever is still waiting gets an answer before the process goes.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Writer.TryComplete();
        await base.StopAsync(cancellationToken);
    }

    private async Task CommitAsync(DbCommand insert, List<Waiting> batch)
    {
        await using (var transaction = await insert.Connection!.BeginTransactionAsync(CancellationToken.None))
        {
            insert.Transaction = transaction;
            foreach (var waiting in batch)
            {
                insert.Parameters["@received_at"].Value = waiting.ReceivedAt.UtcDateTime;
                insert.Parameters["@payload"].Value = waiting.Payload.ToArray();
                await insert.ExecuteNonQueryAsync(CancellationToken.None);
            }

            await transaction.CommitAsync(CancellationToken.None);
        }

        Release(batch, w => w.Stored.TrySetResult());
        signal.Set();
    }

    private void Release(List<Waiting> batch, Action<Waiting> answer)
    {
        foreach (var waiting in batch)
        {
            Interlocked.Add(ref bytesWaiting, -waiting.Payload.Length);
            answer(waiting);
        }

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
