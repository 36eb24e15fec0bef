using MetaMessaging.Domain.Organizations;
using MetaMessaging.Infrastructure;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Infrastructure.UserAccounts;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.Testing;

/// <summary>A migrated and seeded database file, made once a process; every test copies it.</summary>
public static class SqliteTemplate
{
    private static readonly TestFolder Folder = new();
    private static readonly Lazy<Task<string>> File = new(CreateAsync);

    static SqliteTemplate() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Folder.Dispose();

    /// <summary>Copies the template to that path.</summary>
    public static async Task CopyToAsync(string path) => System.IO.File.Copy(await File.Value, path);

    private static async Task<string> CreateAsync()
    {
        var file = Folder.File("template.db");
        var fakes = new Fakes();
        await using var services = SliceServices.Build("Sqlite", $"Data Source={file};Pooling=False", () => fakes);
        await services.PrepareDatabaseAsync();
        await SeedAsync(services);
        return file;
    }

    /// <summary>The two organizations of <see cref="Some"/> and their members.</summary>
    internal static async Task SeedAsync(IServiceProvider services)
    {
        await using var work = services.CreateAllOrganizationsScope();
        var db = work.ServiceProvider.GetRequiredService<AppDbContext>();
        await AddAsync(new Organization("Blue Cup Coffee", Some.Now));
        await AddAsync(new Organization("Red Kettle Tea", Some.Now));
        await AddAsync(User("Maria Lind", "maria@bluecup.example"));
        await AddAsync(User("Anton Berg", "anton@bluecup.example"));
        await AddAsync(User("Olga Rein", "olga@redkettle.example"));
        await AddAsync(new Membership(Some.OrganizationId, Some.AdminId, OrganizationRoles.All));
        await AddAsync(new Membership(Some.OrganizationId, Some.AgentId, OrganizationRoles.Agent));
        await AddAsync(new Membership(Some.OtherOrganizationId, Some.OtherAdminId, OrganizationRoles.All));

        // One by one, so that the ids are those in Some.
        async Task AddAsync(object entity)
        {
            db.Add(entity);
            await db.SaveChangesAsync();
        }
    }

    private static AppUser User(string name, string email) => new()
    {
        Name = name,
        UserName = email,
        NormalizedUserName = email.ToUpperInvariant(),
        Email = email,
        NormalizedEmail = email.ToUpperInvariant(),
        EmailConfirmed = true,
        LockoutEnabled = true,
        SecurityStamp = $"stamp of {email}",
    };
}
