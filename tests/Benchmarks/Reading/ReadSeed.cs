using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using MetaMessaging.Application.Common;
using MetaMessaging.Infrastructure.Persistence;
using Microsoft.Data.Sqlite;

namespace MetaMessaging.Benchmarks.Reading;

/// <summary>Writes a history into a migrated database, without the app and without a journal.</summary>
internal sealed partial class ReadSeed : IDisposable
{
    private const int DefaultHashSize = 1024 * 1024;   // of FTS5, in bytes

    private readonly SqliteConnection connection;

    public ReadSeed(string file)
    {
        connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        SqliteSearchFunction.Register(connection);
        Execute(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE; PRAGMA cache_size=-1000000; "
            + "PRAGMA threads=2; PRAGMA foreign_keys=OFF");
    }

    public void Dispose()
    {
        Execute("PRAGMA locking_mode=NORMAL; PRAGMA journal_mode=WAL");
        connection.Dispose();
    }

    /// <summary>Indexes are created and triggers put back after the rows, which takes a fraction of the time.</summary>
    public void AddRows(int messages, TimeSpan history)
    {
        var apart = messages / Math.Min(messages / 10, 100_000);
        var end = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Execute($"CREATE TEMP TABLE size AS SELECT {messages} messages, {apart} apart, {(long)history.TotalSeconds} span, {end} until");
        AddTexts();
        var later = Strings("SELECT sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL");
        foreach (var drop in Strings(
            "SELECT 'DROP ' || type || ' \"' || name || '\"' FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"))
        {
            Execute(drop);
        }

        Execute("BEGIN");
        Report("rows", () =>
        {
            foreach (var statement in SeparatorLine().Split(ReadSql())) Execute(statement);
        });
        Report("indexes", () => later.ForEach(Execute));
        Execute("COMMIT");
    }

    /// <summary>What the app does behind the writers, in one statement for each table.</summary>
    public void FillSearchIndex() => Report("search index", () =>
    {
        Execute("BEGIN");
        SetHashSize(256 * DefaultHashSize);   // fewer segments, which FTS5 merges afterwards
        foreach (var table in SearchTable.All)
        {
            Execute(
                $"""
                INSERT INTO search_index (rowid, tokens) SELECT id * {SqliteSearchSchema.SourceCount} + {(int)table.Source}, tokens FROM (
                    SELECT r.id, {SqliteSearchSchema.TokensOf(table, "r")} AS tokens
                    FROM {table.Name} r ORDER BY r.id LIMIT -1) WHERE tokens IS NOT NULL;
                UPDATE search_progress SET indexed_up_to = (SELECT coalesce(max(id), 0) FROM {table.Name}), version = {SearchTokens.Version}
                WHERE source = {(int)table.Source}
                """);
        }

        SetHashSize(DefaultHashSize);
        Execute("COMMIT");
    });

    private void SetHashSize(int bytes) => Execute($"INSERT INTO search_index (search_index, rank) VALUES ('hashsize', {bytes})");

    private static void Report(string what, Action step)
    {
        var began = Stopwatch.GetTimestamp();
        step();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"    {what}: {Stopwatch.GetElapsedTime(began).TotalSeconds:N0} s"));
    }

    private void Execute(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    private List<string> Strings(string sql)
    {
        using var command = Command(sql);
        using var row = command.ExecuteReader();
        var all = new List<string>();
        while (row.Read()) all.Add(row.GetString(0));
        return all;
    }

    private SqliteCommand Command(string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this program, and the product's schema.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.CommandTimeout = 0;
        return command;
    }

    private void AddTexts()
    {
        Execute("CREATE TEMP TABLE words_of_names (id INTEGER PRIMARY KEY, given TEXT, family TEXT)");
        Execute("CREATE TEMP TABLE sentences (id INTEGER PRIMARY KEY, text TEXT)");
        using var texts = connection.BeginTransaction();
        foreach (var (given, family) in SeedTexts.Names(499))
            Insert("INSERT INTO words_of_names (given, family) VALUES (@a, @b)", given, family);
        foreach (var sentence in SeedTexts.Sentences(4999)) Insert("INSERT INTO sentences (text) VALUES (@a)", sentence);
        texts.Commit();
    }

    private void Insert(string sql, string first, string? second = null)
    {
        using var command = Command(sql);
        command.Parameters.AddWithValue("@a", first);
        if (second is not null) command.Parameters.AddWithValue("@b", second);
        command.ExecuteNonQuery();
    }

    private static string ReadSql()
    {
        using var reader = new StreamReader(typeof(ReadSeed).Assembly.GetManifestResourceStream("Seed.sql")!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("^---$", RegexOptions.Multiline)]
    private static partial Regex SeparatorLine();
}
