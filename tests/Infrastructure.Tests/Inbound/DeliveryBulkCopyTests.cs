using System.Data;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Infrastructure.Inbound;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Infrastructure.Tests.Inbound;

public sealed class DeliveryBulkCopyTests
{
    private const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public void Each_row_has_a_value_for_every_column_that_needs_one()
    {
        using var db = DesignTimeContexts.SqlServer();
        var type = db.Model.FindEntityType(typeof(WebhookDelivery))!;

        using var table = DeliveryBulkCopy.ToTable([new(Some.Now, new byte[] { 1, 2 }, Trace), new(Some.Now, new byte[] { 3 }, Trace)]);

        Assert.Equal(type.GetTableName(), table.TableName);
        Assert.Equal(
            type.GetProperties().Where(p => !p.IsNullable && !p.IsPrimaryKey()).Select(p => p.GetColumnName())
                .Append("trace_parent").Order(),
            table.Columns.Cast<DataColumn>().Select(c => c.ColumnName).Order());
        Assert.Equal([2, 1], table.Rows.Cast<DataRow>().Select(row => ((byte[])row["payload"]).Length));
        Assert.All(table.Rows.Cast<DataRow>(), row => Assert.DoesNotContain(DBNull.Value, row.ItemArray));
    }
}
