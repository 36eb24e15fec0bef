using System.Net;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Organizations;
using MetaMessaging.Infrastructure;
using MetaMessaging.Infrastructure.Nodes;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.MetaSimulator;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MetaMessaging.Testing;

/// <summary>The whole app in this process: Kestrel on a free port, its own folder, and a clock that the test moves.</summary>
public sealed class App : IAsyncDisposable
{
    public const string AdminEmail = "admin@example.com";
    public const string Password = "correct horse battery";

    private readonly Factory factory;
    private readonly Simulator? meta;
    private readonly IReadOnlyDictionary<string, string?>? settings;
    private readonly bool sharesFolder;

    private App(
        Factory factory, TestFolder folder, ShiftedClock clock, Simulator? meta, IReadOnlyDictionary<string, string?>? settings,
        bool sharesFolder)
    {
        this.factory = factory;
        this.meta = meta;
        this.settings = settings;
        this.sharesFolder = sharesFolder;
        Folder = folder;
        Clock = clock;
    }

    public TestFolder Folder { get; }

    public ShiftedClock Clock { get; }

    /// <summary>Ends with a slash.</summary>
    public Uri Address { get; private set; } = null!;

    public IServiceProvider Services => factory.Services;

    public string DatabaseFile => Folder.File("app.db");

    /// <summary>How many nodes run as far as this one knows, itself included.</summary>
    public int LiveNodes => Services.GetRequiredService<NodeRegistry>().LiveCount;

    /// <param name="meta">Without it nothing answers at Meta's address.</param>
    /// <param name="settings">Configuration keys added to the defaults.</param>
    public static Task<App> StartAsync(
        Simulator? meta = null,
        IReadOnlyDictionary<string, string?>? settings = null,
        bool bootstrap = true,
        Action<IServiceCollection>? services = null,
        TestFolder? folder = null) => StartAsync(meta, settings, bootstrap, services, folder ?? new TestFolder(), sharesFolder: false);

    /// <summary>Another node on the same database, with the same settings. It is disposed before this one.</summary>
    public Task<App> StartSecondNodeAsync() => StartAsync(meta, settings, bootstrap: true, services: null, Folder, sharesFolder: true);

    private static async Task<App> StartAsync(
        Simulator? meta, IReadOnlyDictionary<string, string?>? settings, bool bootstrap, Action<IServiceCollection>? services,
        TestFolder folder, bool sharesFolder)
    {
        var clock = new ShiftedClock();
        var all = new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:0",
            ["Database:Provider"] = "Sqlite",
            ["ConnectionStrings:Database"] = $"Data Source={folder.File("app.db")}",
            ["DataProtection:KeysPath"] = folder.File("keys"),
            ["Storage:Path"] = folder.File("media"),
            ["Meta:GraphBaseUrl"] = meta?.BaseAddress.ToString().TrimEnd('/') ?? "http://127.0.0.1:9",
            ["Meta:DialogBaseUrl"] = meta?.BaseAddress.ToString().TrimEnd('/') ?? "http://127.0.0.1:9",
            ["Meta:MediaHosts:0"] = meta?.BaseAddress.Authority ?? "127.0.0.1:9",
            ["Bootstrap:AdminEmail"] = bootstrap ? AdminEmail : "",
            ["Bootstrap:AdminPassword"] = bootstrap ? Password : "",
        };
        foreach (var (key, value) in settings ?? new Dictionary<string, string?>()) all[key] = value;

        // The template is a migrated empty file; copying it is faster than migrating.
        if (bootstrap && !File.Exists(folder.File("app.db"))) await EmptyTemplate.CopyToAsync(folder.File("app.db"));

        var app = new App(new Factory(all, clock, services), folder, clock, meta, settings, sharesFolder);
        await app.factory.StartAsync();
        app.Address = app.factory.ClientOptions.BaseAddress;
        return app;
    }

    /// <summary>A client that is not signed in.</summary>
    public ApiClient Anonymous(bool cookies = false) => new(Address, cookies);

    public async Task<ApiClient> SignInAsync(string email = AdminEmail, string password = Password)
    {
        var client = Anonymous(cookies: true);
        await client.SignInAsync(email, password);
        return client;
    }

    /// <summary>Creates an organization with one member for each role.</summary>
    public async Task<Tenant> CreateTenantAsync(string name = "Tenant")
    {
        var unique = Some.Unique("org");
        long organizationId;
        await using (var work = Services.CreateAllOrganizationsScope())
        {
            var db = work.ServiceProvider.GetRequiredService<AppDbContext>();
            var organization = new Organization($"{name} {unique}", Clock.Now);
            db.Organizations.Add(organization);
            await db.SaveChangesAsync();
            organizationId = organization.Id;
        }

        return new Tenant(
            organizationId,
            await CreateMemberAsync(organizationId, $"admin@{unique}.example", OrganizationRoles.Admin),
            await CreateMemberAsync(organizationId, $"agent@{unique}.example", OrganizationRoles.Agent),
            await CreateMemberAsync(organizationId, $"ops@{unique}.example", OrganizationRoles.Ops));
    }

    public async Task<Member> CreateMemberAsync(long organizationId, string email, OrganizationRoles roles)
    {
        await using var work = Services.CreateAllOrganizationsScope();
        var person = await work.ServiceProvider.GetRequiredService<IUserAccounts>()
            .CreateAsync(new NewUserAccount(email, email.Split('@')[0], Password, IsSystemAdmin: false), CancellationToken.None);
        var db = work.ServiceProvider.GetRequiredService<AppDbContext>();
        db.Memberships.Add(new Membership(organizationId, person.Id, roles));
        await db.SaveChangesAsync();
        return new Member(person.Id, email, await SignInAsync(email));
    }

    /// <summary>Runs in the system scope, which sees every organization's rows.</summary>
    public async Task<T> InDatabaseAsync<T>(Func<AppDbContext, Task<T>> work)
    {
        await using var scope = Services.CreateAllOrganizationsScope();
        return await work(scope.ServiceProvider.GetRequiredService<AppDbContext>());
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await factory.DisposeAsync();
        }
        catch (OperationCanceledException)
        {
            // A job was still writing when the host's time to stop was over.
        }

        if (!sharesFolder) Folder.Dispose();
    }

    private sealed class Factory : WebApplicationFactory<Program>
    {
        private readonly IReadOnlyDictionary<string, string?> settings;
        private readonly TimeProvider clock;
        private readonly Action<IServiceCollection>? services;

        public Factory(IReadOnlyDictionary<string, string?> settings, TimeProvider clock, Action<IServiceCollection>? services)
        {
            this.settings = settings;
            this.clock = clock;
            this.services = services;
            UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        }

        public Task StartAsync() => Task.Run(StartServer);

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Production");
            builder.UseContentRoot(Repository.PathOf("src", "WebUI"));
            foreach (var (key, value) in settings) builder.UseSetting(key, value);
            builder.ConfigureTestServices(registered =>
            {
                registered.AddSingleton(clock);
                registered.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = 1);
                registered.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
                services?.Invoke(registered);
            });
        }
    }
}

public sealed record Tenant(long OrganizationId, Member Admin, Member Agent, Member Ops);

public sealed record Member(long UserId, string Email, ApiClient Api);
