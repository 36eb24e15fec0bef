using System.Data.Common;
using MetaMessaging.Benchmarks.Processing;
using MetaMessaging.Testing;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;

namespace MetaMessaging.Benchmarks.Nodes;

/// <summary>The nodes' database: a SQLite file, or one on the SQL Server of METAMESSAGING_TEST_SQLSERVER.</summary>
internal sealed class NodesDatabase(string folder) : IDisposable
{
    private readonly string? server = Environment.GetEnvironmentVariable("METAMESSAGING_TEST_SQLSERVER");
    private readonly string name = $"metamessaging_{Guid.NewGuid():N}";

    public string Provider => IsSqlServer ? "SQL Server" : "SQLite";

    /// <summary>The settings of each node.</summary>
    public (string Name, string Value)[] Settings => IsSqlServer
        ?
        [
            .. ProcessDatabase.Settings(folder).Where(s => s.Name != "ConnectionStrings:Database"),
            ("Database:Provider", "SqlServer"), ("ConnectionStrings:Database", ConnectionString),
        ]
        : ProcessDatabase.Settings(folder);

    private bool IsSqlServer => !string.IsNullOrEmpty(server);

    private string ConnectionString => new SqlConnectionStringBuilder(server) { InitialCatalog = name }.ConnectionString;

    private string File => Path.Combine(folder, "app.db");

    public DbConnection Open()
    {
        DbConnection connection = IsSqlServer
            ? new SqlConnection(ConnectionString) : new SqliteConnection($"Data Source={File};Pooling=False;Mode=ReadOnly");
        connection.Open();
        return connection;
    }

    public Task PauseAsync(int processId) =>
        IsSqlServer ? ProcessPause.SignalAsync(processId, "STOP") : ProcessPause.BeginAsync(processId, File);

    public void Dispose()
    {
        if (!IsSqlServer) return;
        SqlConnection.ClearAllPools();
        using var connection = new SqlConnection(server);
        connection.Open();
        using var drop = connection.CreateCommand();
#pragma warning disable CA2100 // The name is a GUID of ours.
        drop.CommandText = $"IF DB_ID('{name}') IS NOT NULL ALTER DATABASE [{name}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE; "
            + $"DROP DATABASE IF EXISTS [{name}]";
#pragma warning restore CA2100
        drop.ExecuteNonQuery();
    }
}
