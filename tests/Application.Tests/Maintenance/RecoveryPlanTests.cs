using System.Diagnostics;
using System.Text.RegularExpressions;
using MetaMessaging.Application.Maintenance;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace MetaMessaging.Application.Tests.Maintenance;

/// <summary>Recovery runs every minute beside ten million messages, so each of its queries finds what is due in an index.</summary>
public sealed partial class RecoveryPlanTests(SliceFixture app) : SliceTest(app)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Recovery_reads_only_what_is_due(bool hasStatistics)
    {
        var conversation = await Given(Some.Conversation());
        await Given(Some.Queued(conversation));
        await using var connection = new SqliteConnection(ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        if (hasStatistics) AddHistory(connection);

        using var commands = new CapturedCommands(ConnectionString);
        await Send(new RecoverOverdueWork());

        Assert.True(commands.All.Count >= 8, string.Join('\n', commands.All.Select(c => c.Sql)));
        Assert.Empty(commands.All
            .SelectMany(c => Plan(connection, c).Where(step => IsScan(step, c.Sql)).Select(step => $"{step}: {c.Sql}")));
    }

    private static bool IsScan(string step, string sql) => LargeTable().Matches(sql)
        .Any(table => Regex.IsMatch(step, $@"^SCAN {table.Groups["alias"].Value}\b", RegexOptions.None, TimeSpan.FromSeconds(1)));

    [GeneratedRegex("\"(messages|conversations|contacts|message_attachments|parked_events)\" AS \"(?<alias>[^\"]+)\"")]
    private static partial Regex LargeTable();

    /// <summary>Two thousand messages that are done, in the organization that everything belongs to.</summary>
    private static void AddHistory(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT group_concat(name, ', ') FROM pragma_table_info('messages') "
            + "WHERE name NOT IN ('id', 'external_id', 'metadata', 'send_id', 'status')";
        var columns = (string)command.ExecuteScalar()!;
        command.CommandText =
            $"""
            WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2000)
            INSERT INTO messages ({columns}, status) SELECT {columns}, '{nameof(MessageStatus.Read)}' FROM messages, numbers;
            ANALYZE;
            """;
        command.ExecuteNonQuery();
    }

    private static List<string> Plan(SqliteConnection connection, (string Sql, List<(string Name, object? Value)> Parameters) captured)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {captured.Sql}";
        foreach (var (name, value) in captured.Parameters) command.Parameters.AddWithValue(name, value);
        using var rows = command.ExecuteReader();
        var steps = new List<string>();
        while (rows.Read()) steps.Add(rows.GetString(3));
        return steps;
    }

    private sealed class CapturedCommands : IDisposable, IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        private readonly List<IDisposable> subscriptions = [];
        private readonly string connectionString;

        public CapturedCommands(string connectionString)
        {
            this.connectionString = connectionString;
            subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
        }

        public List<(string Sql, List<(string Name, object? Value)> Parameters)> All { get; } = [];

        public void Dispose() => subscriptions.ForEach(s => s.Dispose());

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.EntityFrameworkCore") subscriptions.Add(value.Subscribe(this));
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value is not { Value: CommandEventData { Command: var command } data }) return;
            if (data.EventId != RelationalEventId.CommandExecuting || command.Connection!.ConnectionString != connectionString) return;
            All.Add((command.CommandText, [.. command.Parameters.Cast<SqliteParameter>().Select(p => (p.ParameterName, p.Value))]));
        }

        public void OnCompleted() { }

        public void OnError(Exception error) { }
    }
}
