using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.People;
using MetaMessaging.Domain.Organizations;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Brings the schema up to date and creates what the first start needs, before anything is served.</summary>
public static class DatabaseSetup
{
    public static async Task PrepareDatabaseAsync(this IServiceProvider services)
    {
        await using var work = services.CreateSystemScope();
        CreateFolder(work.ServiceProvider.GetRequiredService<IOptions<DatabaseOptions>>().Value);

        var db = work.ServiceProvider.GetRequiredService<AppDbContext>();
        // Migrating compares the whole model even when there is nothing to do; of several nodes that find something, one does it.
        if ((await db.Database.GetPendingMigrationsAsync()).Any()) await db.Database.MigrateAsync();
        await CreateSystemConfigAsync(db, work.ServiceProvider.GetRequiredService<TimeProvider>());
        await BootstrapAsync(work.ServiceProvider);
    }

    /// <summary>SQLite creates the file, but not the folder it is in.</summary>
    private static void CreateFolder(DatabaseOptions options)
    {
        if (options.Provider is not DatabaseProvider.Sqlite) return;
        var file = new SqliteConnectionStringBuilder(options.ConnectionString).DataSource;
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder) Directory.CreateDirectory(folder);
    }

    private static async Task CreateSystemConfigAsync(AppDbContext db, TimeProvider clock)
    {
        if (await db.SystemConfig.AnyAsync()) return;
        db.SystemConfig.Add(SystemConfig.CreateDefault(clock.GetUtcNow()));
        await db.SaveChangesAsync();
    }

    private static async Task BootstrapAsync(IServiceProvider services)
    {
        var bootstrap = services.GetRequiredService<IConfiguration>().GetSection("Bootstrap");
        if (bootstrap["AdminEmail"] is not { Length: > 0 } email || bootstrap["AdminPassword"] is not { Length: > 0 } password) return;
        if (await services.GetRequiredService<IUserAccounts>().AnyAsync(CancellationToken.None)) return;

        var organization = bootstrap["Organization"] is { Length: > 0 } name ? name : "My organization";
        await services.GetRequiredService<IMediator>().Send(new SetUp(organization, bootstrap["AdminName"] ?? email.Split('@')[0], email, password));
    }
}
