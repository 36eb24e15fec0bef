using System.Text;
using MediatR;
using MetaMessaging.Application;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Connections;
using MetaMessaging.Application.SystemConfiguration;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

/// <summary>With the real key ring on disk.</summary>
public sealed class SecretTests : IAsyncLifetime
{
    private const string AppSecret = "4f3a9d17c05b4c0e8a6f2e5d1b7c9a3e";
    private const string PageToken = "EAABsbPageTokenThatNobodyMayRead";
    private const string UserToken = "EAABsbUserTokenThatNobodyMayRead";

    private readonly TestFolder folder = new();

    public async ValueTask InitializeAsync() => await SqliteTemplate.CopyToAsync(folder.File("app.db"));

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task No_file_of_the_database_holds_a_secret_in_clear()
    {
        await using var services = Build("keys");
        await SaveSecretsAsync(services);

        // The write-ahead log exists, because connections are open.
        var files = Directory.GetFiles(folder.Path, "app.db*");
        Assert.Contains(files, file => file.EndsWith("-wal", StringComparison.Ordinal) && new FileInfo(file).Length > 0);
        foreach (var file in files)
        {
            var bytes = await ReadSharedAsync(file);
            foreach (var secret in new[] { AppSecret, PageToken, UserToken })
            {
                Assert.True(
                    bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) < 0, $"{Path.GetFileName(file)} holds a secret in clear.");
                Assert.True(
                    bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(secret)) < 0, $"{Path.GetFileName(file)} holds a secret in clear.");
            }
        }
    }

    [Fact]
    public async Task Secrets_are_read_again_after_a_restart()
    {
        await using (var services = Build("keys")) await SaveSecretsAsync(services);

        await using var restarted = Build("keys");

        Assert.Equal(AppSecret, (await restarted.GetRequiredService<IMetaApp>().GetAsync(TestContext.Current.CancellationToken)).AppSecret);
        await using var scope = restarted.CreateAllOrganizationsScope();
        Assert.Equal(
            PageToken, Assert.Single(scope.ServiceProvider.GetRequiredService<AppDbContext>().Connections.ToList()).PageAccessToken);
    }

    [Fact]
    public async Task With_a_lost_key_ring_connections_need_reauthorization_and_the_app_runs()
    {
        await using (var services = Build("keys")) await SaveSecretsAsync(services);

        await using var restarted = Build("other-keys");
        var settings = await restarted.GetRequiredService<IMetaApp>().GetAsync(TestContext.Current.CancellationToken);
        await using var scope = restarted.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<OrganizationScope>().Enter(Some.OrganizationId);
        var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
        var status = await mediator.Send(new GetIntegrationStatus(), TestContext.Current.CancellationToken);

        Assert.Null(settings.AppSecret);
        Assert.False(status.Configured);
        var connection = Assert.Single(status.Connections);
        Assert.Equal(ConnectionState.ReauthorizationRequired, connection.State);
        Assert.NotNull(connection.Problem);
    }

    [Fact]
    public async Task With_a_lost_key_ring_a_new_secret_can_be_saved()
    {
        await using (var services = Build("keys")) await SaveSecretsAsync(services);

        await using var restarted = Build("other-keys");
        await using (var scope = restarted.CreateAllOrganizationsScope())
        {
            var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
            await mediator.Send(new UpdateSystemConfig("42", "a new secret", "verify"), TestContext.Current.CancellationToken);
        }

        Assert.Equal(
            "a new secret", (await restarted.GetRequiredService<IMetaApp>().GetAsync(TestContext.Current.CancellationToken)).AppSecret);
    }

    [Fact]
    public async Task Saving_another_column_keeps_a_secret_that_cannot_be_decrypted()
    {
        await using (var services = Build("keys")) await SaveSecretsAsync(services);
        await using (var without = Build("other-keys"))
        {
            await using var scope = without.CreateAllOrganizationsScope();
            var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
            db.Connections.Single().RecordEvent(Some.Now);
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await using var restored = Build("keys");
        await using var restoredScope = restored.CreateAllOrganizationsScope();

        Assert.Equal(PageToken, restoredScope.ServiceProvider.GetRequiredService<AppDbContext>().Connections.Single().PageAccessToken);
    }

    private static async Task SaveSecretsAsync(ServiceProvider services)
    {
        await using var scope = services.CreateAllOrganizationsScope();
        await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new UpdateSystemConfig("42", AppSecret, "verify"));
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        db.Connections.Add(Some.Connection(token: PageToken));
        db.PendingConnections.Add(new PendingConnection(
            Some.OrganizationId, Some.AdminId, null, UserToken, [Some.Page(token: PageToken)], Some.Now));
        await db.SaveChangesAsync();
    }

    private ServiceProvider Build(string keys)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Database"] = $"Data Source={folder.File("app.db")}",
            ["DataProtection:KeysPath"] = folder.File(keys),
        }).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddLogging();
        services.AddApplication();
        services.AddInfrastructure(configuration);
        services.RemoveAll<IHostedService>();
        services.AddSingleton<ILiveUpdates, FakeLive>();
        services.AddSingleton<IPublicAddress, FakeAddress>();
        services.AddSingleton<ICaller, FakeCaller>();
        services.AddSingleton<IClientInfo, FakeClientInfo>();
        return services.BuildServiceProvider();
    }

    private static async Task<byte[]> ReadSharedAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }
}
