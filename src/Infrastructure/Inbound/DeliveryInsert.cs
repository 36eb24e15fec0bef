using System.Data;
using System.Data.Common;
using MetaMessaging.Infrastructure.Persistence;
using Microsoft.Data.SqlClient;

namespace MetaMessaging.Infrastructure.Inbound;

/// <summary>Adds rows to webhook_deliveries, prepared once for many transactions of one open connection.</summary>
internal abstract class DeliveryInsert : IDisposable
{
    private const string Columns = "received_at, payload, partition, trace_parent, state, attempts, event_count, failed_events";

    /// <param name="maxSeconds">How long SQL Server may take for one statement.</param>
    public static DeliveryInsert Prepare(DbConnection connection, int maxSeconds) =>
        connection is SqliteConnection sqlite ? new OnSqlite(sqlite) : new OnSqlServer((SqlConnection)connection, maxSeconds);

    public abstract void Write(IReadOnlyCollection<NewDelivery> deliveries, DbTransaction transaction);

    public abstract void Dispose();

    /// <summary>A command with named parameters takes several times as long as the row.</summary>
    private sealed class OnSqlite(SqliteConnection connection) : DeliveryInsert
    {
        private readonly SqliteStatement statement =
            new(connection, $"INSERT INTO webhook_deliveries ({Columns}) "
                + $"VALUES (?, ?, ?, ?, '{nameof(WebhookDeliveryState.Pending)}', 0, 0, 0)");

        public override void Write(IReadOnlyCollection<NewDelivery> deliveries, DbTransaction transaction)
        {
            foreach (var (receivedAt, payload, traceParent) in deliveries)
            {
                statement.Bind(1, receivedAt.UtcDateTime);
                statement.Bind(2, payload.Span);
                statement.Bind(3, DeliveryPartition.Of(payload.Span));
                statement.Bind(4, traceParent);
                statement.Execute();
            }
        }

        public override void Dispose() => statement.Dispose();
    }

    private sealed class OnSqlServer : DeliveryInsert
    {
        private readonly int maxSeconds;
        private readonly SqlCommand command;

        public OnSqlServer(SqlConnection connection, int maxSeconds)
        {
            this.maxSeconds = maxSeconds;
            command = connection.CreateCommand();
            command.CommandTimeout = maxSeconds;
            command.CommandText = $"INSERT INTO webhook_deliveries ({Columns}) "
                + $"VALUES (@received_at, @payload, @partition, @trace_parent, '{nameof(WebhookDeliveryState.Pending)}', 0, 0, 0)";
            command.Parameters.Add("@received_at", SqlDbType.DateTime2);
            command.Parameters.Add("@partition", SqlDbType.Int);
            command.Parameters.Add("@trace_parent", SqlDbType.NVarChar, size: 64);
            command.Parameters.Add("@payload", SqlDbType.VarBinary, size: -1);   // any length; else there is a plan for each
        }

        public override void Write(IReadOnlyCollection<NewDelivery> deliveries, DbTransaction transaction)
        {
            if (deliveries.Count >= DeliveryBulkCopy.MinRows)
            {
                DeliveryBulkCopy.Write(deliveries, (SqlTransaction)transaction, maxSeconds);
                return;
            }

            command.Transaction = (SqlTransaction)transaction;
            foreach (var (receivedAt, payload, traceParent) in deliveries)
            {
                command.Parameters["@received_at"].Value = receivedAt.UtcDateTime;
                command.Parameters["@payload"].Value = payload.ToArray();
                command.Parameters["@partition"].Value = DeliveryPartition.Of(payload.Span);
                command.Parameters["@trace_parent"].Value = (object?)traceParent ?? DBNull.Value;
                command.ExecuteNonQuery();
            }
        }

        public override void Dispose() => command.Dispose();
    }
}

/// <param name="TraceParent">The trace of the request; null unless it is recorded.</param>
internal readonly record struct NewDelivery(DateTimeOffset ReceivedAt, ReadOnlyMemory<byte> Payload, string? TraceParent);
