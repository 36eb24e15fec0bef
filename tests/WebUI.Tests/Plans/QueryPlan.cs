using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace MetaMessaging.WebUI.Tests;

/// <summary>Judges a statement by EXPLAIN QUERY PLAN: does it read rows that it neither shows nor changes?</summary>
internal sealed partial class QueryPlan
{
    /// <summary>Tables that grow with what people write. The others hold some rows for each organization, Page or member.</summary>
    private static readonly HashSet<string> LargeTables =
    [
        "messages", "conversations", "contacts", "contact_facebook", "contact_instagram", "webhook_deliveries", "message_attachments",
        "message_reactions", "audit_entries", "notes", "mentions", "timeline_entries", "receipts", "send_refusals", "idempotency_keys",
    ];

    /// <summary>Columns that many rows have in common.</summary>
    private static readonly HashSet<string> CommonColumns =
    [
        "organization_id", "connection_id", "status", "state", "channel", "direction", "kind", "origin", "assignee_id", "account_id",
        "object", "actor_id", "action", "replay_id", "user_id", "read_at",
    ];

    /// <summary>Filters of partial indexes that many rows pass.</summary>
    private static readonly string[] WideFilters =
    [
        "external_id is not null", "direction = 'Outbound'", "organization_id is not null", "metadata is not null", "send_id is not null",
        "storage_key is not null", "avatar_key is not null", "account_id is not null", "status = 'Failed'", "status = 'Snoozed'",
    ];

    private readonly Recorded statement;
    private readonly SqliteConnection database;
    private readonly IReadOnlyDictionary<string, string> tables;   // by alias

    private QueryPlan(Recorded statement, SqliteConnection database)
    {
        this.statement = statement;
        this.database = database;
        tables = AliasedTable().Matches(statement.Sql).GroupBy(m => m.Groups[2].Value)
            .ToDictionary(alias => alias.Key, alias => alias.First().Groups[1].Value);
    }

    /// <returns>Nothing when the plan is right.</returns>
    public static IEnumerable<string> ProblemsOf(Recorded statement, SqliteConnection database) =>
        new QueryPlan(statement, database).Problems();

    private IEnumerable<string> Problems()
    {
        var steps = Explain();
        foreach (var step in steps)
        {
            if (step.Text.Contains("AUTOMATIC", StringComparison.Ordinal)) yield return step.Text;
            else if (step.Text.StartsWith("USE TEMP B-TREE", StringComparison.Ordinal)
                && steps.Any(s => s.Parent == step.Parent && s != step && IsLong(s.Text)))
            {
                var sorted = steps.Where(s => s.Parent == step.Parent && IsLong(s.Text)).Select(s => s.Text);
                yield return $"{step.Text} of {string.Join(", ", sorted)}";
            }
            else if (IsLong(step.Text) && !EndsInTime(step.Text)) yield return step.Text;
        }
    }

    private List<Step> Explain()
    {
        using var command = database.CreateCommand();
#pragma warning disable CA2100 // What the app itself has executed.
        command.CommandText = "EXPLAIN QUERY PLAN " + statement.Sql;
#pragma warning restore CA2100
        foreach (var (name, value) in statement.Parameters) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        using var row = command.ExecuteReader();
        var steps = new List<Step>();
        while (row.Read()) steps.Add(new Step(row.GetInt64(1), row.GetString(3)));
        return steps;
    }

    /// <summary>Whether many rows may be read: all of a large table, or those that have only common columns in common.</summary>
    private bool IsLong(string step)
    {
        if (Access().Match(step) is not { Success: true } access || TableOf(access) is not { } table) return false;
        if (step.Contains("INTEGER PRIMARY KEY (rowid=?)", StringComparison.Ordinal)) return false;
        if (step == $"SEARCH {access.Groups["alias"].Value}") return false;   // the greatest or least id
        if (statement.Sql.Contains("WHERE 0", StringComparison.Ordinal)) return false;   // an empty list of ids
        var alias = access.Groups["alias"].Value;
        return EqualColumns(step).All(column => IsCommon(table, column) && !IsRare(alias, column)) && !HasNarrowFilter(access);
    }

    /// <summary>
    /// A long walk ends in time if it stops after some rows, or changes all that it meets, and each row that it meets is wanted.
    /// </summary>
    private bool EndsInTime(string step)
    {
        var access = Access().Match(step);
        if (!StopsEarly().IsMatch(statement.Sql)) return false;
        var index = access.Groups["index"].Value;
        var covered = (index.Length > 0 ? Scalars($"SELECT name FROM pragma_index_info('{index}')") : [])
            .Append("organization_id").Append("id").ToHashSet();
        var filter = FilterOf(index);
        return Conditions(access.Groups["alias"].Value).All(c => covered.Contains(c) || filter.Contains(c, StringComparison.Ordinal));
    }

    /// <summary>The columns of the table that the statement compares with a value.</summary>
    private IEnumerable<string> Conditions(string alias)
    {
        var sql = statement.Sql;
        var begin = sql.IndexOf("WHERE", StringComparison.Ordinal);
        if (begin < 0) return [];
        var column = $"""
            "{Regex.Escape(alias)}"\."(\w+)"
            """.Trim();
        return Regex.Matches(sql[begin..], $"""{column}\s*(?:=(?!\s*"\w+"\.)|<|>|IS\b|IN\b|NOT\b|LIKE\b|[-+*])""")
            .Concat(Regex.Matches(sql[begin..], $"""(?:[-+<>]|'|@\w+)\s*=?\s*{column}"""))
            .Select(m => m.Groups[1].Value).Distinct();
    }

    private string? TableOf(Match access)
    {
        var name = access.Groups["alias"].Value;
        var table = tables.GetValueOrDefault(name, name);
        return LargeTables.Contains(table) ? table : null;
    }

    private static IEnumerable<string> EqualColumns(string step) => EqualColumn().Matches(step).Select(m => m.Groups[1].Value);

    /// <summary>A conversation may have a hundred thousand messages; all other parents have few children.</summary>
    private static bool IsCommon(string table, string column) =>
        CommonColumns.Contains(column) || (column == "conversation_id" && table is "messages");

    /// <summary>Few messages wait to be sent, and few deliveries wait to be processed.</summary>
    private bool IsRare(string alias, string column) => column is "status" or "state" && Regex.IsMatch(
        statement.Sql, $"""
            "{Regex.Escape(alias)}"\."{column}" (?:= '(?:Queued|Sending|Pending)'|IN \('Queued', 'Sending'\))
            """.Trim());

    private bool HasNarrowFilter(Match access) =>
        access.Groups["index"].Value is { Length: > 0 } index && FilterOf(index) is { Length: > 0 } filter
        && !WideFilters.Contains(filter, StringComparer.OrdinalIgnoreCase);

    private string FilterOf(string index) =>
        Scalars($"SELECT coalesce(sql, '') FROM sqlite_master WHERE name = '{index}'").FirstOrDefault() is { } sql
        && sql.Split(" WHERE ", 2) is [_, var filter]
            ? filter.Trim()
            : "";

    private List<string> Scalars(string sql)
    {
        using var command = database.CreateCommand();
#pragma warning disable CA2100 // Names of the product's schema.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var row = command.ExecuteReader();
        var all = new List<string>();
        while (row.Read()) all.Add(Convert.ToString(row.GetValue(0), CultureInfo.InvariantCulture) ?? "");
        return all;
    }

    [GeneratedRegex(@"(?:FROM|JOIN|UPDATE|INTO)\s+""(\w+)"" AS ""(\w+)""")]
    private static partial Regex AliasedTable();

    [GeneratedRegex(@"^(?:SCAN|SEARCH) (?<alias>\w+)(?: EXISTS)?(?: USING (?:COVERING )?INDEX (?<index>\w+))?")]
    private static partial Regex Access();

    [GeneratedRegex(@"(\w+)=\?")]
    private static partial Regex EqualColumn();

    [GeneratedRegex(@"\bLIMIT\b|\bEXISTS\b|^\s*(?:UPDATE|DELETE)\b")]
    private static partial Regex StopsEarly();

    private sealed record Step(long Parent, string Text);
}
