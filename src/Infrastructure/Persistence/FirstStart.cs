using FluentValidation;
using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Creates the rows that an empty database needs, in one transaction, under a lock: several nodes may start at once.</summary>
internal static class FirstStart
{
    public static async Task CreateRowsAsync(IServiceProvider services, AppDbContext db)
    {
        if (await db.SystemConfig.AnyAsync() && !await NeedsAdministratorAsync(services)) return;

        var clock = services.GetRequiredService<TimeProvider>();
        await db.SaveChangesAsync(
            async token =>
            {
                await db.LockSetUpAsync(token);
                if (!await db.SystemConfig.AnyAsync(token)) db.SystemConfig.Add(SystemConfig.CreateDefault(clock.GetUtcNow()));
                await db.SaveChangesAsync(token);
                await CreateAdministratorAsync(services);
            },
            CancellationToken.None);
    }

    private static async Task CreateAdministratorAsync(IServiceProvider services)
    {
        if (!await NeedsAdministratorAsync(services)) return;
        var bootstrap = BootstrapIn(services);
        var (email, password) = (bootstrap["AdminEmail"] ?? "", bootstrap["AdminPassword"] ?? "");
        if (email == "") throw new SettingException("Bootstrap:AdminEmail is missing; Bootstrap:AdminPassword is set.");
        if (password == "") throw new SettingException("Bootstrap:AdminPassword is missing; Bootstrap:AdminEmail is set.");

        var organization = bootstrap["Organization"] is { Length: > 0 } name ? name : "My organization";
        var setUp = new SetUp(organization, bootstrap["AdminName"] ?? email.Split('@')[0], email, password);
        try
        {
            await services.GetRequiredService<IMediator>().Send(setUp);
        }
        catch (ValidationException exception)
        {
            var problems = exception.Errors.Select(e => $"Bootstrap:{KeyOf(e.PropertyName)}: {e.ErrorMessage}");
            throw new SettingException(string.Join(" ", problems), exception);
        }
    }

    private static async Task<bool> NeedsAdministratorAsync(IServiceProvider services) =>
        BootstrapIn(services) is var bootstrap && bootstrap["AdminEmail"] + bootstrap["AdminPassword"] is { Length: > 0 }
        && !await services.GetRequiredService<IUserAccounts>().AnyAsync(CancellationToken.None);

    private static IConfigurationSection BootstrapIn(IServiceProvider services) =>
        services.GetRequiredService<IConfiguration>().GetSection("Bootstrap");

    private static string KeyOf(string property) => property is nameof(SetUp.Organization) ? property : $"Admin{property}";
}
