using System.Data.Common;
using MetaMessaging.Benchmarks.Processing;
using MetaMessaging.Testing;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;

namespace MetaMessaging.Benchmarks.Nodes;

/// <summary>The nodes' database: a SQLite file, or one on the SQL Server of METAMESSAGING_TEST_SQLSERVER.</summary>
internal sealed class NodesDatabase(string folder) : IDisposable
{
    private readonly SqlServerTestDatabase? server =
        Environment.GetEnvironmentVariable(SqlServerTestDatabase.ServerVariable) is { Length: > 0 } found ? new(found) : null;

    public string Provider => server is null ? "SQLite" : "SQL Server";

    /// <summary>The settings of each node.</summary>
    public (string Name, string Value)[] Settings => server is null
        ? ProcessDatabase.Settings(folder)
        :
        [
            .. ProcessDatabase.Settings(folder).Where(s => s.Name != "ConnectionStrings:Database"),
            ("Database:Provider", "SqlServer"), ("ConnectionStrings:Database", server.ConnectionString),
        ];

    private string File => Path.Combine(folder, "app.db");

    public DbConnection Open()
    {
        DbConnection connection = server is null
            ? new SqliteConnection($"Data Source={File};Pooling=False;Mode=ReadOnly") : new SqlConnection(server.ConnectionString);
        connection.Open();
        return connection;
    }

    public Task PauseAsync(int processId) =>
        server is null ? ProcessPause.BeginAsync(processId, File) : ProcessPause.SignalAsync(processId, "STOP");

    public void Dispose() => server?.Dispose();
}
