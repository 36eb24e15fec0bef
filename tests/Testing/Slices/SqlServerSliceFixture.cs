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

    private SqlServerTestDatabase? database;
    private Respawner? respawner;

    protected override string Provider => "SqlServer";

    public override async Task<string?> SkipReasonAsync() => (await Server.Value).Reason;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        database?.Dispose();
    }

    internal override void End() { }   // Respawn clears the database before the next test

    protected override async Task<string> FreshDatabaseAsync()
    {
        database ??= new SqlServerTestDatabase((await Server.Value).ConnectionString!);
        var own = database.ConnectionString;
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
        if (Environment.GetEnvironmentVariable(SqlServerTestDatabase.ServerVariable) is { Length: > 0 } offered) return (offered, null);
        try
        {
            var container = new MsSqlBuilder("mcr.microsoft.com/mssql/server:2022-latest").Build();
            await container.StartAsync();
            return (container.GetConnectionString(), null);
        }
        catch (Exception exception)
        {
            return (
                null,
                $"No SQL Server: {SqlServerTestDatabase.ServerVariable} is not set and Docker could not start one ({exception.Message}).");
        }
    }
}
