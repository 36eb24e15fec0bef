using Microsoft.Data.SqlClient;

namespace MetaMessaging.Testing;

/// <summary>A database of its own on a SQL Server, which is dropped at the end. Compiled into the benchmarks, too.</summary>
/// <param name="server">A connection string whose login may create databases.</param>
internal sealed class SqlServerTestDatabase(string server) : IDisposable
{
    /// <summary>The environment variable that may hold the connection string.</summary>
    public const string ServerVariable = "METAMESSAGING_TEST_SQLSERVER";

    private readonly string name = $"metamessaging_{Guid.NewGuid():N}";

    public string ConnectionString => new SqlConnectionStringBuilder(server) { InitialCatalog = name }.ConnectionString;

    public void Dispose()
    {
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
