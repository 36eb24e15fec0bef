using Microsoft.Data.Sqlite;

namespace MetaMessaging.WebUI.Tests;

/// <summary>Makes SQLite's planner believe that the database holds ten million messages, nearly all of one organization.</summary>
internal static class PlannerStatistics
{
    private static readonly Dictionary<string, long> Rows = new()
    {
        ["messages"] = 10_000_000, ["conversations"] = 500_000, ["contacts"] = 490_000, ["contact_facebook"] = 330_000,
        ["contact_instagram"] = 170_000, ["webhook_deliveries"] = 1_000_000, ["message_attachments"] = 600_000,
        ["message_reactions"] = 250_000, ["audit_entries"] = 100_000, ["notes"] = 10_000, ["timeline_entries"] = 50_000,
        ["receipts"] = 5_000, ["send_refusals"] = 30_000, ["mentions"] = 10_000, ["idempotency_keys"] = 10_000,
    };

    /// <summary>How many values a column has; a column that is not here has another one in nearly each row.</summary>
    private static readonly Dictionary<string, long> Values = new()
    {
        ["organization_id"] = 2, ["connection_id"] = 20, ["channel"] = 2, ["direction"] = 2, ["status"] = 4, ["state"] = 4, ["kind"] = 4,
        ["conversation_id"] = 500_000, ["contact_id"] = 490_000, ["assignee_id"] = 6, ["user_id"] = 6, ["actor"] = 2, ["replay_id"] = 10,
        ["page_id"] = 20, ["ig_account_id"] = 20, ["caller"] = 10,
    };

    /// <summary>Expects that ANALYZE has made the table. The connection reads the rows when it is opened again.</summary>
    /// <param name="maxRowsOfValue">A sample does not count further than its size.</param>
    public static void Write(SqliteConnection database, long maxRowsOfValue)
    {
        Execute("DELETE FROM sqlite_stat1");
        foreach (var (table, index, sql) in Indexes())
        {
            var count = Rows[table] / (sql.Contains(" WHERE ", StringComparison.OrdinalIgnoreCase) ? 30 : 1);
            var numbers = new List<long> { count };
            var values = 1L;
            foreach (var column in Columns(index))
            {
                values = Math.Min(count, values * Math.Min(count, Values.GetValueOrDefault(column, count)));
                numbers.Add(Math.Clamp(count / values, 1, maxRowsOfValue));
            }

            Execute($"INSERT INTO sqlite_stat1 VALUES ('{table}', '{index}', '{string.Join(' ', numbers)}')");
        }

        List<(string Table, string Index, string Sql)> Indexes()
        {
            using var command = Command("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL");
            using var row = command.ExecuteReader();
            var all = new List<(string, string, string)>();
            while (row.Read()) if (Rows.ContainsKey(row.GetString(0))) all.Add((row.GetString(0), row.GetString(1), row.GetString(2)));
            return all;
        }

        List<string> Columns(string index)
        {
            using var command = Command($"SELECT coalesce(name, '') FROM pragma_index_info('{index}')");
            using var row = command.ExecuteReader();
            var all = new List<string>();
            while (row.Read()) all.Add(row.GetString(0));
            return all;
        }

        void Execute(string sql)
        {
            using var command = Command(sql);
            command.ExecuteNonQuery();
        }

        SqliteCommand Command(string sql)
        {
            var command = database.CreateCommand();
#pragma warning disable CA2100 // Constants of this file, and names of the product's schema.
            command.CommandText = sql;
#pragma warning restore CA2100
            return command;
        }
    }
}
