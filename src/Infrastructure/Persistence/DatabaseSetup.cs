using System.Data;
using System.Data.Common;
using FluentValidation;
using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Brings the schema up to date and creates what the first start needs, before anything is served.</summary>
public static class DatabaseSetup
{
    /// <exception cref="SettingException">
    /// The database cannot be used, another version has made it, or the first administrator cannot be created as configured.
    /// </exception>
    public static async Task PrepareDatabaseAsync(this IServiceProvider services)
    {
        await using var scope = services.CreateAllOrganizationsScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        try
        {
            await MigrateAsync(db, scope.ServiceProvider.GetRequiredService<IOptions<DatabaseOptions>>().Value.SqliteFile());
            await CreateSystemConfigAsync(db, scope.ServiceProvider.GetRequiredService<TimeProvider>());
            await BootstrapAsync(scope.ServiceProvider);
        }
        catch (Exception exception) when (StorageFailure.ReasonOf(exception) is { } reason)
        {
            var details = $"{db.Database.GetDbConnection().DataSource}: {exception.GetBaseException().Message}";
            throw new SettingException($"{DatabaseOptions.ConnectionKey}: {reason} ({details})", exception);
        }
    }

    private static async Task MigrateAsync(AppDbContext db, string? file)
    {
        // SQLite would create no folder, and a file that everybody can read. Its log and its shared memory get the file's mode.
        if (file is not null) PrivateFiles.PrepareFile(file, DatabaseOptions.ConnectionKey, "-wal", "-shm");

        var known = db.Database.GetMigrations().ToList();
        var applied = (await db.Database.GetAppliedMigrationsAsync()).ToList();
        if (applied.Except(known).FirstOrDefault() is { } unknown)
            throw new IncompatibleDatabaseException(file ?? db.Database.GetDbConnection().Database, unknown);

        // MigrateAsync compares the whole model even when there is nothing to do, which takes a quarter of the start.
        if (applied.Count == known.Count) return;
        if (file is null) await db.Database.MigrateAsync();   // SQL Server's migration lock belongs to the session, and ends with it
        else await SqliteMigrationLock.MigrateAsync(db, file);
    }

    private static async Task CreateSystemConfigAsync(AppDbContext db, TimeProvider clock)
    {
        if (await db.SystemConfig.AnyAsync()) return;
        try
        {
            // Of two nodes that start at once, SQLite lets one wait; SQL Server ends one of them, so that only one has added the row.
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable);
            if (await db.SystemConfig.AnyAsync()) return;
            db.SystemConfig.Add(SystemConfig.CreateDefault(clock.GetUtcNow()));
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
        }
        catch (Exception exception) when (exception is DbException or DbUpdateException)
        {
            db.ChangeTracker.Clear();
            if (!await db.SystemConfig.AnyAsync()) throw;
        }
    }

    private static async Task BootstrapAsync(IServiceProvider services)
    {
        var bootstrap = services.GetRequiredService<IConfiguration>().GetSection("Bootstrap");
        if (bootstrap["AdminEmail"] is not { Length: > 0 } email || bootstrap["AdminPassword"] is not { Length: > 0 } password) return;
        if (await services.GetRequiredService<IUserAccounts>().AnyAsync(CancellationToken.None)) return;

        var organization = bootstrap["Organization"] is { Length: > 0 } name ? name : "My organization";
        var setUp = new SetUp(organization, bootstrap["AdminName"] ?? email.Split('@')[0], email, password);
        try
        {
            await services.GetRequiredService<IMediator>().Send(setUp);
        }
        catch (ConflictException)
        {
            // Another node that starts at the same time has done it.
        }
        catch (ValidationException exception)
        {
            var problems = exception.Errors.Select(e => $"Bootstrap:{KeyOf(e.PropertyName)}: {e.ErrorMessage}");
            throw new SettingException(string.Join(" ", problems), exception);
        }
    }

    private static string KeyOf(string property) => property is nameof(SetUp.Organization) ? property : $"Admin{property}";
}

/// <summary>A later version made this database, or a development version from before the migrations were squashed.</summary>
public sealed class IncompatibleDatabaseException(string database, string migration) : SettingException(
    $"The database {database} was made by another version of MetaMessaging: its migration {migration} is unknown to this one. "
    + "Start the version that made it, or name another database.");
