using Microsoft.Data.SqlClient;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Brings the schema up to date and creates what the first start needs, before anything is served.</summary>
public static class DatabaseSetup
{
    private const int DatabaseExists = 1801;

    /// <summary>EF Core switches row versions on after it has created a database, for which nobody else may be connected.</summary>
    private static readonly TimeSpan CreationTime = TimeSpan.FromSeconds(5);

    /// <exception cref="SettingException">
    /// The database cannot be used, another version has made it, or the first administrator cannot be created as configured.
    /// </exception>
    public static async Task PrepareDatabaseAsync(this IServiceProvider services)
    {
        await using var scope = services.CreateAllOrganizationsScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        try
        {
            await MigrateAsync(db, scope.ServiceProvider);
            if (db is SqlServerAppDbContext) await SqlServerFullText.CreateAsync(db);
            if (services.GetRequiredService<KeyOptions>().AreInDatabase)
                await ActivatorUtilities.CreateInstance<DatabaseKeys>(scope.ServiceProvider, db).PrepareAsync(CancellationToken.None);
            await FirstStart.CreateRowsAsync(scope.ServiceProvider, db);
        }
        catch (Exception exception) when (StorageFailure.ReasonOf(exception) is { } reason)
        {
            var details = $"{db.Database.GetDbConnection().DataSource}: {exception.GetBaseException().Message}";
            throw new SettingException($"{DatabaseOptions.ConnectionKey}: {reason} ({details})", exception);
        }
    }

    private static async Task MigrateAsync(AppDbContext db, IServiceProvider services)
    {
        var file = services.GetRequiredService<IOptions<DatabaseOptions>>().Value.SqliteFile();
        // SQLite would create no folder, and a file that everybody can read. Its log and its shared memory get the file's mode.
        if (file is not null) PrivateFiles.PrepareFile(file, DatabaseOptions.ConnectionKey, "-wal", "-shm");

        var known = db.Database.GetMigrations().ToList();
        var applied = (await db.Database.GetAppliedMigrationsAsync()).ToList();
        if (applied.Except(known).FirstOrDefault() is { } unknown)
            throw new IncompatibleDatabaseException(file ?? db.Database.GetDbConnection().Database, unknown);

        // A database that does not exist yet is created as it has to be.
        if (file is null && await db.Database.CanConnectAsync())
        {
            await SqlServerRequirements.CheckAsync(
                db, hasPendingMigrations: applied.Count < known.Count, services.GetRequiredService<ILogger<SqlServerAppDbContext>>());
        }

        // MigrateAsync compares the whole model even when there is nothing to do, which takes a quarter of the start.
        if (applied.Count == known.Count) return;
        var isNew = applied.Count == 0;
        if (!isNew) await ActivatorUtilities.CreateInstance<MigrationNotice>(services, db).LogAsync([.. known.Except(applied)]);
        if (file is null) db.Database.SetCommandTimeout(TimeSpan.FromHours(1));   // an index of a large table takes minutes
        if (file is null) await MigrateSqlServerAsync(db);
        else await SqliteMigrationLock.MigrateAsync(db, file);
        if (!isNew) await services.GetRequiredService<IPlannerStatistics>().UpdateAsync(CancellationToken.None);
    }

    /// <summary>Nodes that start together wait for one of them: SQL Server's migration lock belongs to the session, and ends with it.
    /// A database that does not exist has no lock: another node may create it first.</summary>
    private static async Task MigrateSqlServerAsync(AppDbContext db)
    {
        try
        {
            await db.Database.MigrateAsync();
        }
        catch (SqlException exception) when (exception.Number == DatabaseExists)
        {
            await Task.Delay(CreationTime);
            await db.Database.MigrateAsync();
        }
    }
}

/// <summary>A later version made this database, or a development version from before the migrations were squashed.</summary>
public sealed class IncompatibleDatabaseException(string database, string migration) : SettingException(
    $"The database {database} was made by another version of MetaMessaging: its migration {migration} is unknown to this one. "
    + "Start the version that made it, or name another database.");
