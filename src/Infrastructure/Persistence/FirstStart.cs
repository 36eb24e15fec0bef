using System.Data;
using System.Data.Common;
using FluentValidation;
using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Creates the rows that an empty database needs. Several nodes may start at once.</summary>
internal static class FirstStart
{
    public static async Task CreateSystemConfigAsync(AppDbContext db, TimeProvider clock)
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

    public static async Task CreateAdministratorAsync(IServiceProvider services)
    {
        var bootstrap = services.GetRequiredService<IConfiguration>().GetSection("Bootstrap");
        var (email, password) = (bootstrap["AdminEmail"] ?? "", bootstrap["AdminPassword"] ?? "");
        if (email == "" && password == "") return;
        if (await services.GetRequiredService<IUserAccounts>().AnyAsync(CancellationToken.None)) return;
        if (email == "") throw new SettingException("Bootstrap:AdminEmail is missing; Bootstrap:AdminPassword is set.");
        if (password == "") throw new SettingException("Bootstrap:AdminPassword is missing; Bootstrap:AdminEmail is set.");

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
