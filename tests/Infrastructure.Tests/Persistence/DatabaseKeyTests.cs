using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MetaMessaging.Application;
using MetaMessaging.Application.Common;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Testing;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

/// <summary>The keys in the database, as with SQL Server; here the database is SQLite. Each node is a provider of its own.</summary>
public sealed class DatabaseKeyTests : IAsyncLifetime
{
    private const string Token = "EAABsbPageTokenThatNobodyMayRead";

    private readonly TestFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await SqliteTemplate.CopyToAsync(folder.File("app.db"));

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Another_node_reads_what_one_has_encrypted()
    {
        await using var one = Node();
        await SaveTokenAsync(one);
        await using var other = Node();

        Assert.Equal(Token, await ReadTokenAsync(other));
        Assert.Single(await KeysAsync());
        Assert.False(Directory.Exists(folder.File("keys")));
    }

    [Fact]
    public async Task The_keys_can_be_read_first_within_a_query_of_a_transaction()
    {
        await using (var one = Node()) await SaveTokenAsync(one);
        await using var other = Node();
        await using var scope = other.CreateAllOrganizationsScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();

        await using var transaction = await db.Database.BeginTransactionAsync(Cancellation);

        Assert.Equal(Token, (await db.Connections.SingleAsync(Cancellation)).PageAccessToken);
    }

    [Fact]
    public async Task Building_the_model_reads_no_keys()
    {
        await using var node = Node();
        await using var scope = node.CreateAllOrganizationsScope();

        Assert.NotNull(scope.ServiceProvider.GetRequiredService<AppDbContext>().Model);

        Assert.Empty(await KeysAsync());   // reading them for the first time would create one
    }

    [Fact]
    public async Task With_a_certificate_the_keys_are_encrypted_and_without_it_nothing_can_be_read()
    {
        var certificate = WriteCertificate("one.pfx", "secret");
        await using (var one = Node(certificate)) await SaveTokenAsync(one);

        await using var without = Node();
        await using var with = Node(certificate);

        Assert.All(await KeysAsync(), key => Assert.False(DatabaseKeys.IsUnencrypted(key)));
        Assert.Null(await ReadTokenAsync(without));
        Assert.Equal(Token, await ReadTokenAsync(with));
    }

    [Fact]
    public async Task After_a_change_of_the_certificate_an_older_one_still_decrypts()
    {
        await using (var one = Node(WriteCertificate("old.pfx", "secret"))) await SaveTokenAsync(one);

        await using var changed = Node(
            WriteCertificate("new.pfx", "secret"),
            ("DataProtection:OlderCertificates:0:Path", folder.File("old.pfx")),
            ("DataProtection:OlderCertificates:0:Password", "secret"));

        Assert.Equal(Token, await ReadTokenAsync(changed));
    }

    [Fact]
    public async Task Keys_of_the_folder_are_copied_into_the_database_once()
    {
        await using (var before = Node(DatabaseProvider.Sqlite)) await SaveTokenAsync(before);
        Assert.Single(Directory.EnumerateFiles(folder.File("keys")));
        await using var after = Node();

        await PrepareAsync(after);
        await PrepareAsync(after);

        Assert.True(DatabaseKeys.IsUnencrypted(Assert.Single(await KeysAsync())));
        Assert.Equal(Token, await ReadTokenAsync(after));
    }

    [Fact]
    public async Task Keys_from_before_there_was_a_certificate_are_encrypted_at_the_next_start()
    {
        await using (var before = Node()) await SaveTokenAsync(before);
        await using var after = Node(WriteCertificate("one.pfx", "secret"));

        await PrepareAsync(after);

        Assert.False(DatabaseKeys.IsUnencrypted(Assert.Single(await KeysAsync())));
        Assert.Equal(Token, await ReadTokenAsync(after));
    }

    [Fact]
    public async Task A_node_without_the_key_is_not_ready_and_notices_when_it_appears()
    {
        await using (var one = Node(DatabaseProvider.Sqlite)) await SaveTokenAsync(one, appSecret: "secret");
        Directory.Move(folder.File("keys"), folder.File("lost"));
        await using var other = Node(DatabaseProvider.Sqlite);
        var health = other.GetRequiredService<IStorageHealth>();
        Assert.Contains("app secret", await health.FindProblemAsync(Cancellation), StringComparison.Ordinal);

        foreach (var key in Directory.EnumerateFiles(folder.File("lost")))
            File.Copy(key, Path.Combine(folder.File("keys"), Path.GetFileName(key)));

        await Until.True(async () => await health.FindProblemAsync(Cancellation) is null, "the node is ready");
    }

    [Fact]
    public async Task A_node_that_lacks_only_the_key_of_the_newest_Page_is_not_ready()
    {
        await using (var one = Node(DatabaseProvider.Sqlite)) await SaveTokenAsync(one);
        Directory.Move(folder.File("keys"), folder.File("lost"));
        await using var other = Node(DatabaseProvider.Sqlite);
        await SaveAsync(other, "UPDATE core_conf SET updated_at = '2020-01-01 00:00:00'", appSecret: "secret");

        Assert.Contains("Page", await other.GetRequiredService<IStorageHealth>().FindProblemAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_lost_everywhere_does_not_keep_a_node_from_serving_once_the_app_secret_was_entered_again()
    {
        await using (var one = Node(DatabaseProvider.Sqlite)) await SaveTokenAsync(one, appSecret: "secret");
        Directory.Move(folder.File("keys"), folder.File("lost"));
        await using var other = Node(DatabaseProvider.Sqlite);
        var health = other.GetRequiredService<IStorageHealth>();
        Assert.NotNull(await health.FindProblemAsync(Cancellation));

        await SaveAsync(other, "UPDATE core_conf SET updated_at = '2099-01-01 00:00:00'", appSecret: "entered again");

        await Until.True(async () => await health.FindProblemAsync(Cancellation) is null, "the node is ready");
        Assert.Null(await ReadTokenAsync(other));
    }

    [Fact]
    public void A_certificate_that_cannot_be_used_ends_the_start()
    {
        File.WriteAllText(folder.File("text.pfx"), "no certificate");
        WriteCertificate("right.pfx", "secret");
        WriteCertificate("expired.pfx", "secret", lastDay: -1);
        WriteCertificate("public.pfx", "secret", hasPrivateKey: false);

        AssertRefused("cannot be read", "none.pfx", "secret");
        AssertRefused("no PKCS#12 file", "text.pfx", "secret");
        AssertRefused("is not its password", "right.pfx", "wrong");
        AssertRefused("is not its password", "right.pfx", null);
        AssertRefused("has expired", "expired.pfx", "secret");
        AssertRefused("no RSA private key", "public.pfx", "secret");
        AssertRefused("OlderCertificates:0:Path", "right.pfx", "secret", ("DataProtection:OlderCertificates:0:Password", "secret"));
    }

    private void AssertRefused(string reason, string file, string? password, params (string Key, string? Value)[] more)
    {
        var configuration = Configuration(
            [("DataProtection:CertificatePath", folder.File(file)), ("DataProtection:CertificatePassword", password), .. more]);
        var refused = Assert.Throws<SettingException>(() => KeyOptions.Read(configuration, DatabaseProvider.SqlServer));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.StartsWith("DataProtection:", refused.Message, StringComparison.Ordinal);
    }

    private static Task SaveTokenAsync(ServiceProvider node, string? appSecret = null) => SaveAsync(node, null, appSecret, Token);

    private static async Task SaveAsync(ServiceProvider node, string? sql, string? appSecret = null, string? token = null)
    {
        await using var scope = node.CreateAllOrganizationsScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        if (appSecret is not null) (await db.SystemConfig.SingleAsync()).Update("42", appSecret, "verify", Some.Now.AddDays(-1));
        if (token is not null) db.Connections.Add(Some.Connection(token: token));
        await db.SaveChangesAsync();
        if (sql is not null) await db.Database.ExecuteSqlRawAsync(sql);
    }

    private static async Task<string?> ReadTokenAsync(ServiceProvider node)
    {
        await using var scope = node.CreateAllOrganizationsScope();
        return (await scope.ServiceProvider.GetRequiredService<AppDbContext>().Connections.AsNoTracking().SingleAsync()).PageAccessToken;
    }

    private static async Task PrepareAsync(ServiceProvider node)
    {
        await using var scope = node.CreateAllOrganizationsScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        await ActivatorUtilities.CreateInstance<DatabaseKeys>(scope.ServiceProvider, db).PrepareAsync(Cancellation);
    }

    private async Task<List<DataProtectionKey>> KeysAsync()
    {
        await using var node = Node();
        await using var scope = node.CreateAllOrganizationsScope();
        return await scope.ServiceProvider.GetRequiredService<AppDbContext>().DataProtectionKeys.AsNoTracking().ToListAsync();
    }

    /// <returns>Its path.</returns>
    private string WriteCertificate(string name, string password, int lastDay = 100, bool hasPrivateKey = true)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=keys", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.CreateSelfSigned(now.AddDays(-10), now.AddDays(lastDay));
        using var withoutKey = X509CertificateLoader.LoadCertificate(certificate.Export(X509ContentType.Cert));
        File.WriteAllBytes(folder.File(name), (hasPrivateKey ? certificate : withoutKey).Export(X509ContentType.Pkcs12, password));
        return folder.File(name);
    }

    private ServiceProvider Node(string? certificate = null, params (string Key, string? Value)[] settings) => Node(
        DatabaseProvider.SqlServer,
        certificate is null ? settings
            : [("DataProtection:CertificatePath", certificate), ("DataProtection:CertificatePassword", "secret"), .. settings]);

    private ServiceProvider Node(DatabaseProvider provider, params (string Key, string? Value)[] settings)
    {
        var configuration = Configuration(settings);
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddLogging();
        services.AddApplication();
        services.AddInfrastructure(Configuration());
        services.AddKeys(configuration, provider);
        services.RemoveAll<IHostedService>();
        services.AddSingleton<ILiveUpdates, FakeLive>();
        services.AddSingleton<IPublicAddress, FakeAddress>();
        services.AddSingleton<ICaller, FakeCaller>();
        services.AddSingleton<IClientInfo, FakeClientInfo>();
        return services.BuildServiceProvider();
    }

    private IConfiguration Configuration(params (string Key, string? Value)[] settings) => new ConfigurationBuilder().AddInMemoryCollection(
        settings.Append(("ConnectionStrings:Database", $"Data Source={folder.File("app.db")}"))
            .Append(("DataProtection:KeysPath", folder.File("keys"))).Append(("Storage:Path", folder.Path))
            .Select(s => KeyValuePair.Create(s.Item1, s.Item2))).Build();
}
