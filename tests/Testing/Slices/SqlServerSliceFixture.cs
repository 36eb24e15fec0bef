using MetaMessaging.Infrastructure.Persistence;
using Microsoft.Data.SqlClient;
using Respawn;
using Testcontainers.MsSql;

namespace MetaMessaging.Testing;

/// <summary>
/// The same slices on SQL Server: METAMESSAGING_TEST_SQLSERVER holds a connection string whose login may create databases, or Docker
/// answers. Otherwise the classes that use it are left out.
/// </summary>
[Requires(Requirement.SqlServer)]
public sealed class SqlServerSliceFixture : SliceFixture
{
    private static readonly Lazy<Task<(string? ConnectionString, string? Reason)>> Server = new(FindServerAsync);

    private readonly string database = $"metamessaging_{Guid.NewGuid():N}";
    private Respawner? respawner;

    protected override string Provider => "SqlServer";

    public override async Task<string?> SkipReasonAsync() => (await Server.Value).Reason;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (respawner is null) return;
        SqlConnection.ClearAllPools();
        await ExecuteAsync(
            (await Server.Value).ConnectionString!,
            $"ALTER DATABASE [{database}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE [{database}]");
    }

    internal override void End() { }   // Respawn clears the database before the next test

    protected override async Task<string> FreshDatabaseAsync()
    {
        var own = new SqlConnectionStringBuilder((await Server.Value).ConnectionString!) { InitialCatalog = database }.ConnectionString;
        await using (var connection = new SqlConnection(own))
        {
            if (respawner is not null)
            {
                await connection.OpenAsync();
                await respawner.ResetAsync(connection);
            }
        }

        var fakes = new Fakes();
        await using var services = SliceServices.Build(Provider, own, () => fakes);
        await services.PrepareDatabaseAsync();
        await SqliteTemplate.SeedAsync(services);
        if (respawner is not null) return own;

        await using var fresh = new SqlConnection(own);
        await fresh.OpenAsync();
        respawner = await Respawner.CreateAsync(
            fresh, new RespawnerOptions { TablesToIgnore = ["__EFMigrationsHistory"], WithReseed = true });
        return own;
    }

    private static async Task<(string?, string?)> FindServerAsync()
    {
        if (Environment.GetEnvironmentVariable(Requirements.SqlServerVariable) is { Length: > 0 } offered) return (offered, null);
        try
        {
            var container = new MsSqlBuilder("mcr.microsoft.com/mssql/server:2022-latest").Build();
            await container.StartAsync();
            return (container.GetConnectionString(), null);
        }
        catch (Exception exception)
        {
            return (
                null, $"No SQL Server: {Requirements.SqlServerVariable} is not set and Docker could not start one ({exception.Message}).");
        }
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new SqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The name is a GUID of ours.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
