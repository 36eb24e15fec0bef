using System.Data;
using Microsoft.Data.SqlClient;

namespace MetaMessaging.Infrastructure.Inbound;

/// <summary>Stores many deliveries on SQL Server at once, where an INSERT takes a round trip each.</summary>
internal static class DeliveryBulkCopy
{
    /// <summary>Asking for the table's columns takes a round trip as well.</summary>
    public const int MinRows = 3;

    public static void Write(IEnumerable<NewDelivery> deliveries, SqlTransaction transaction, int maxSeconds)
    {
        using var rows = ToTable(deliveries);
        using var copy = new SqlBulkCopy(transaction.Connection, SqlBulkCopyOptions.CheckConstraints, transaction)
        {
            DestinationTableName = rows.TableName, BulkCopyTimeout = maxSeconds,
        };
        foreach (DataColumn column in rows.Columns) copy.ColumnMappings.Add(column.ColumnName, column.ColumnName);
        copy.WriteToServer(rows);
    }

    internal static DataTable ToTable(IEnumerable<NewDelivery> deliveries)
    {
        var table = new DataTable("webhook_deliveries") { Locale = CultureInfo.InvariantCulture };
        table.Columns.Add("received_at", typeof(DateTime));
        table.Columns.Add("payload", typeof(byte[]));
        table.Columns.Add("partition", typeof(int));
        table.Columns.Add("trace_parent", typeof(string));
        table.Columns.Add("state", typeof(string)).DefaultValue = nameof(WebhookDeliveryState.Pending);
        foreach (var number in new[] { "attempts", "event_count", "failed_events" })
            table.Columns.Add(number, typeof(int)).DefaultValue = 0;
        foreach (var (receivedAt, payload, traceParent) in deliveries)
        {
            var row = table.NewRow();
            (row["received_at"], row["payload"], row["partition"]) =
                (receivedAt.UtcDateTime, payload.ToArray(), DeliveryPartition.Of(payload.Span));
            row["trace_parent"] = (object?)traceParent ?? DBNull.Value;
            table.Rows.Add(row);
        }

        return table;
    }
}
