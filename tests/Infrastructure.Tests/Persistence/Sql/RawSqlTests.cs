using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.SqlServer.Dac.Model;
using SQLitePCL;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

/// <summary>Every statement in the source code is checked for the databases that it runs on. A new one is found by itself; a value that
/// the code puts into it needs an example here.</summary>
public sealed class RawSqlTests : IAsyncLifetime
{
    private const string Join = "string.Join(\", \", ";

    /// <summary>By class, member and the expression that the code puts into a statement.</summary>
    private static readonly Dictionary<string, string> Examples = new()
    {
        ["AdditiveUpsert.ForSqlite: table"] = "counters",
        ["AdditiveUpsert.ForSqlite: Columns"] = "organization_id, name, value",
        [$"AdditiveUpsert.ForSqlite: {Join}All.Select(_ => \"?\"))"] = "?, ?, ?",
        [$"AdditiveUpsert.ForSqlite: {Join}keys.Select(Name))"] = "organization_id, name",
        [$"AdditiveUpsert.ForSqlite: {Join}sums.Select(s => $\"{{Name(s)}} = {{Name(s)}} + excluded.{{Name(s)}}\"))"] =
            "value = value + excluded.value",
        ["AdditiveUpsert.ForSqlServer: table"] = "counters",
        [$"AdditiveUpsert.ForSqlServer: {Join}set)"] = "[value] = [value] + @p2",
        ["AdditiveUpsert.ForSqlServer: string.Join(\" AND \", match)"] = "[organization_id] = @p0 AND [name] = @p1",
        [$"AdditiveUpsert.ForSqlServer: {Join}parameters.Select(p => $\"[{{p.Name}}]\"))"] = "[organization_id], [name], [value]",
        [$"AdditiveUpsert.ForSqlServer: {Join}parameters.Select(p => p.Value))"] = "@p0, @p1, @p2",
        ["HungNodes.End: IsWaiting"] = "status = 'sleeping'",
        ["HungNodes.End: sessionId"] = "57",
        ["MigrationNotice.CountRowsAsync: table"] = "messages",
        ["SqlServerSearchIndex.Statement: table.Name"] = "messages",
        ["SqlServerSearchIndex.Statement: filters"] = "organization_id = @p1 AND id < @p2",
        [$"SqlServerSearchIndex.Statement: {Join}columns)"] = "text, postback_title",
        ["SqlServerSearchIndex.Statement: Value(words)"] = "@p3",
        ["SqlServerSearchIndex.Statement: string.Join(\" AND \", conditions)"] = "text LIKE @p3",
        ["PreparedSave.Prepare: table.Name"] = "messages",
        [$"PreparedSave.Prepare: {Join}names)"] = "text, kind",
        [$"PreparedSave.Prepare: {Join}names.Select(_ => \"?\"))"] = "?, ?",
        [$"PreparedSave.Prepare: {Join}names.Select(n => $\"{{n}} = ?\"))"] = "text = ?",
        ["PreparedSave.Prepare: condition"] = "id = ? AND version IS ?",
        ["SqliteStatistics.UpdateAsync: table.Name"] = "messages",
        ["WalCheckpointer.Copy: mode"] = "PASSIVE",
    };

    /// <summary>Calls whose SQL is written in another member.</summary>
    private static readonly string[] IndirectCalls =
    [
        "HungNodes.EndTransactionsAsync: End", "PreparedSave.Prepare: sql",
        "SqlServerAppDbContext.AddToRowsAsync: sql.ToString", "SqlServerFullText.CreateAsync: statement",
        "SqlServerSearchIndex.FindAsync: sql",
        "SqliteAppDbContext.AddToRowsAsync: upsert.ForSqlite", "SqliteSearchIndexer.Behind: string.Join",
    ];

    /// <summary>Parts of statements that run on SQLite only, although their folder does not say so; ? stands for a value there.</summary>
    private static readonly string[] OnlySqlite = ["PRAGMA ", "SELECT quick_check ", "SELECT coalesce(max(rowid)", "VALUES (?"];

    /// <summary>Parts of statements that run on SQL Server only, although their folder does not say so.</summary>
    private static readonly string[] OnlySqlServer =
        ["SELECT ISNULL(SUM(row_count), 0)", "UPDATE [counters] WITH (UPDLOCK", "FROM sys.dm_exec_sessions"];

    private readonly TestFolder folder = new();

    public async ValueTask InitializeAsync() => await SqliteTemplate.CopyToAsync(folder.File("app.db"));

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Of_each_value_in_a_statement_there_is_an_example()
    {
        var statements = Read();

        Assert.Empty(statements.All.Where(s => !IsOfMigrationOrSearch(s))
            .SelectMany(s => s.Unknown.Select(hole => $"Add an example to {nameof(Examples)}: [\"{s.Member}: {hole}\"]")));
        Assert.Equal(IndirectCalls.Order(StringComparer.Ordinal), statements.IndirectCalls.Order(StringComparer.Ordinal));
        Assert.True(statements.All.Count > 30, $"Only {statements.All.Count} statements were found.");
    }

    [Fact]
    public void A_statement_that_is_added_is_found()
    {
        const string code = """
            class Added
            {
                private const string Table = "leases";
                void Run(string name)
                {
                    db.Database.ExecuteSqlAsync($"DELETE FROM leases WHERE name = {name} LIMIT 1", token);
                    db.Database.SqlQueryRaw<int>($"SELECT 1 AS Value FROM {Table} WHERE name = {{0}}", name);
                    db.Database.ExecuteSqlRaw(FromElsewhere());
                    command.CommandText = $"UPDATE {table} SET name = name";
                }
            }
            """;

        var found = new SourceStatements([("Added.cs", code)], new Dictionary<string, string>());

        Assert.Equal(
            ["DELETE FROM leases WHERE name = @p0 LIMIT 1", "SELECT 1 AS Value FROM leases WHERE name = @p0", "UPDATE ? SET name = name"],
            found.All.Select(s => s.Sql));
        Assert.Equal(["table"], found.All[2].Unknown);
        Assert.Equal(["Added.Run: FromElsewhere"], found.IndirectCalls);
        Assert.NotEmpty(SqlServerSyntax.ErrorsOf(found.All[0].Sql));
    }

    [Fact]
    public void SQL_Server_can_parse_what_runs_on_it()
    {
        foreach (var statement in OnSqlServer()) SqlServerSyntax.Parse(statement.Sql);
        using var db = DesignTimeContexts.SqlServer();
        foreach (var type in db.Model.GetEntityTypes().Where(t => t.FindPrimaryKey() is not null && !t.IsOwned()))
            SqlServerSyntax.Parse(new AdditiveUpsert(type).ForSqlServer(first: 3));
        foreach (var statement in SqlServerFullText.Statements) SqlServerSyntax.Parse(statement);
    }

    [Fact]
    public void SQL_Server_can_parse_the_script_of_the_migrations_and_that_of_the_model()
    {
        using var db = DesignTimeContexts.SqlServer();

        var migrator = db.GetService<IMigrator>();
        Assert.NotEmpty(SqlServerSyntax.Parse(migrator.GenerateScript()));
        Assert.NotEmpty(SqlServerSyntax.Parse(migrator.GenerateScript(options: MigrationsSqlGenerationOptions.Idempotent)));
        Assert.NotEmpty(SqlServerSyntax.Parse(db.Database.GenerateCreateScript()));
    }

    [Fact]
    public void What_runs_on_SQL_Server_names_tables_and_columns_that_exist()
    {
        using var db = DesignTimeContexts.SqlServer();
        using var model = SqlServerSyntax.BuildModel(
            SqlServerSyntax.Parse(db.GetService<IMigrator>().GenerateScript()), collation: "Latin1_General_100_CS_AS");

        var statements = OnSqlServer().Where(s => !s.Sql.Contains("FULLTEXT", StringComparison.Ordinal)
            && !s.Sql.Contains("CONTAINS", StringComparison.Ordinal)).ToList();
        foreach (var (index, statement) in statements.Index()) AddAsProcedure(model, index, statement.Sql);
        AddAsProcedure(model, statements.Count, "SELECT no_such_column FROM leases");
        var problems = model.Validate().Select(m => m.Message)
            .Where(m => m.Contains("unresolved reference", StringComparison.Ordinal))
            .Where(m => !m.Contains("[sys]", StringComparison.Ordinal) && !m.Contains("[sp_getapplock]", StringComparison.Ordinal))
            .ToList();

        Assert.True(problems is [var problem] && problem.Contains("no_such_column", StringComparison.Ordinal), string.Join('\n', problems));
    }

    [Fact]
    public void SQLite_can_prepare_what_runs_on_it()
    {
        using var connection = new SqliteConnection($"Data Source={folder.File("app.db")};Pooling=False");
        connection.Open();
        SqliteSearchFunction.Register(connection);

        var problems = new List<string>();
        foreach (var statement in Read().All.Where(s => s.Unknown.Count == 0 && RunsOn(s, "Sqlite") && !IsOfMigrationOrSearch(s)))
        {
            var rest = statement.Sql;
            while (rest.Length > 0)
            {
                var result = raw.sqlite3_prepare_v2(connection.Handle, rest, out var prepared, out rest);
                prepared.Dispose();
                if (result == raw.SQLITE_OK) continue;
                problems.Add($"{statement.Member}: {raw.sqlite3_errmsg(connection.Handle).utf8_to_string()}: {statement.Sql}");
                break;
            }
        }

        Assert.Empty(problems);
    }

    private static void AddAsProcedure(TSqlModel model, int index, string sql)
    {
        var parameters = string.Join(", ", SqlServerSyntax.ParametersOf(sql).Select(p => $"{p} nvarchar(100)"));
        model.AddObjects($"CREATE PROCEDURE statement_{index} {parameters} AS BEGIN {sql} END");
    }

    private static List<SourceStatement> OnSqlServer() =>
        [.. Read().All.Where(s => s.Unknown.Count == 0 && RunsOn(s, "SqlServer"))];

    private static bool RunsOn(SourceStatement statement, string database)
    {
        var (folders, others) = database == "Sqlite" ? ("/SqlServer/", OnlySqlServer) : ("/Sqlite/", OnlySqlite);
        return !statement.Path.Contains(folders, StringComparison.Ordinal)
            && !Array.Exists(others, part => statement.Sql.Contains(part, StringComparison.Ordinal));
    }

    /// <summary>Every test runs the migrations of SQLite, and <see cref="SearchIndexTests"/> compares the schema of the search.</summary>
    private static bool IsOfMigrationOrSearch(SourceStatement statement) =>
        statement.Path.Contains("/Migrations/", StringComparison.Ordinal)
        || statement.Path.Contains("/SqliteSearch", StringComparison.Ordinal);

    private static SourceStatements Read() => new(
        Directory.EnumerateFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.EndsWith(".Designer.cs", StringComparison.Ordinal)).Select(f => f.Replace('\\', '/'))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(f => (f, File.ReadAllText(f))),
        Examples);
}
