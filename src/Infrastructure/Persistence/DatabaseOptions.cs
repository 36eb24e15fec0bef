using System.Data.Common;
using Microsoft.Data.SqlClient;

namespace MetaMessaging.Infrastructure.Persistence;

public enum DatabaseProvider { Sqlite, SqlServer }

/// <summary>Section Database, and ConnectionStrings:Database.</summary>
internal sealed class DatabaseOptions
{
    public const string ConnectionKey = "ConnectionStrings:Database";

    public DatabaseProvider Provider { get; set; } = DatabaseProvider.Sqlite;

    public string ConnectionString { get; set; } = "Data Source=data/metamessaging.db";

    /// <exception cref="SettingException">The provider is not known, or the connection string is not one of it.</exception>
    public static DatabaseOptions Read(IConfiguration configuration)
    {
        var options = new DatabaseOptions();
        if (configuration["Database:Provider"] is { Length: > 0 } name)
        {
            options.Provider = Enum.TryParse<DatabaseProvider>(name, ignoreCase: true, out var provider) && Enum.IsDefined(provider)
                ? provider
                : throw new SettingException($"Database:Provider: {name} is unknown; it is Sqlite or SqlServer.");
        }

        if (configuration.GetConnectionString("Database") is { Length: > 0 } connection) options.ConnectionString = connection;
        options.Check();
        options.ConfigureConnections();
        return options;
    }

    /// <returns>Null with SQL Server.</returns>
    public string? SqliteFile() => Provider is DatabaseProvider.Sqlite
        ? Path.GetFullPath(new SqliteConnectionStringBuilder(ConnectionString).DataSource)
        : null;

    private void Check()
    {
        try
        {
            DbConnectionStringBuilder parsed = Provider is DatabaseProvider.Sqlite
                ? new SqliteConnectionStringBuilder(ConnectionString)
                : new SqlConnectionStringBuilder(ConnectionString);
            if (parsed is SqliteConnectionStringBuilder sqlite && !IsWritableFile(sqlite))
                throw new SettingException($"{ConnectionKey}: name a file that can be written, as in Data Source=data/metamessaging.db.");
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw new SettingException($"{ConnectionKey}: {exception.Message}", exception);
        }
    }

    /// <summary>What the connection string says stays as it is.</summary>
    private void ConfigureConnections()
    {
        if (Provider is not DatabaseProvider.SqlServer) return;
        var server = new SqlConnectionStringBuilder(ConnectionString);

        // 15 s by default, which is longer than a request is to wait for a server that is away.
        if (!server.ShouldSerialize("Connect Timeout")) server.ConnectTimeout = 5;
        // Tries all addresses of an availability group's listener at once. Neither a named instance nor a mirror may be combined with it.
        if (!server.ShouldSerialize("Multi Subnet Failover"))
            server.MultiSubnetFailover = !server.DataSource.Contains('\\', StringComparison.Ordinal) && server.FailoverPartner.Length == 0;
        ConnectionString = server.ConnectionString;
    }

    private static bool IsWritableFile(SqliteConnectionStringBuilder sqlite) =>
        sqlite.DataSource.Length > 0 && sqlite.DataSource != ":memory:"
        && !sqlite.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
        && sqlite.Mode is SqliteOpenMode.ReadWriteCreate or SqliteOpenMode.ReadWrite;
}
