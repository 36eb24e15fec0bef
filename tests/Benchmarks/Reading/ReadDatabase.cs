using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using MetaMessaging.Application;
using MetaMessaging.Application.Common;
using MetaMessaging.Benchmarks.Ingest;
using MetaMessaging.Benchmarks.Processing;
using MetaMessaging.Benchmarks.Running;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Organizations;
using MetaMessaging.Infrastructure;
using MetaMessaging.Infrastructure.Persistence;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.Benchmarks.Reading;

/// <summary>A database with a long history. It is made once and kept; each measurement works on a copy.</summary>
internal static class ReadDatabase
{
    public const string Email = "nora@example.com";
    public const string Password = "Read-benchmark-1";

    private const int Pages = 20;
    private const int History = 400;   // days

    /// <returns>The folder of the template, with the database and the keys that its secrets are protected with.</returns>
    public static async Task<string> TemplateAsync(int messages)
    {
        var folder = Path.Combine("artifacts", "benchmarks", "read", string.Create(CultureInfo.InvariantCulture, $"{messages}"));
        var ready = Path.Combine(folder, "ready");
        if (File.Exists(ready) && await File.ReadAllTextAsync(ready) == Schema()) return Path.GetFullPath(folder);

        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        var began = Stopwatch.GetTimestamp();
        folder = Directory.CreateDirectory(folder).FullName;
        // The app itself creates the administrator, for which this process lacks the services.
        using (await ServerProcess.StartAsync(ServerProcess.App, folder, Arguments(folder))) await AddPagesAsync(folder);
        using (var seed = new ReadSeed(Path.Combine(folder, "app.db")))
        {
            seed.AddRows(messages, TimeSpan.FromDays(History));
            seed.FillSearchIndex();
        }

        await RebuildRollupsAsync(folder);
        var media = Directory.CreateDirectory(Path.Combine(folder, "media", "2025", "01")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(media, $"{1:D32}"), new byte[50_000]);   // of all attachments and avatars
        await File.WriteAllTextAsync(ready, Schema());
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"  {messages} messages seeded in {Stopwatch.GetElapsedTime(began).TotalSeconds:N0} s"));
        return folder;
    }

    /// <summary>A template of another schema is made anew.</summary>
    private static string Schema() => string.Create(CultureInfo.InvariantCulture, $"{typeof(AppDbContext).Assembly.GetTypes()
        .Select(t => t.GetCustomAttribute<MigrationAttribute>()?.Id).Max()}, {SearchTokens.Version}");

    public static void Copy(string template, string folder)
    {
        foreach (var file in Directory.GetFiles(template, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(template, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>Deliveries of the whole history stay.</summary>
    public static string[] Arguments(string folder) =>
    [
        .. ProcessDatabase.Settings(folder).Select(s => $"--{s.Name}={s.Value}"),
        $"--contentRoot={Path.GetDirectoryName(ServerProcess.App)}", "--Webhooks:RetentionDays=3650",
        $"--Bootstrap:AdminEmail={Email}", $"--Bootstrap:AdminPassword={Password}",
    ];

    private static async Task AddPagesAsync(string folder)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            ProcessDatabase.Settings(folder).Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddLogging();
        services.AddApplication();
        services.AddInfrastructure(configuration);
        await using var provider = services.BuildServiceProvider();
        await using var work = provider.CreateAsyncScope();
        work.ServiceProvider.GetRequiredService<OrganizationScope>().EnterAllOrganizations();
        var db = work.ServiceProvider.GetRequiredService<AppDbContext>();
        var now = DateTimeOffset.UtcNow;
        (await db.SystemConfig.SingleAsync()).Update(IngestWebhook.AppId, IngestWebhook.AppSecret, "token", now);
        var organization = await db.Organizations.SingleAsync();
        var small = new Organization("Corner Shop", now);
        db.Organizations.Add(small);
        await db.SaveChangesAsync();
        for (var n = 1; n <= Pages; n++)
        {
            var page = string.Create(CultureInfo.InvariantCulture, $"2098{n:D11}");
            var connection = new PageConnection(n == Pages ? small.Id : organization.Id, page);
            connection.Connect(
                new ConnectablePage(page, $"Page {n}", "page-token", $"1784{page[4..]}", $"page.{n}"), null, null, null, now);
            db.Connections.Add(connection);
            await db.SaveChangesAsync();
        }

        SqliteConnection.ClearAllPools();
    }

    /// <summary>The rows were written without the app, which keeps the figures of the dashboard and the badges.</summary>
    private static async Task RebuildRollupsAsync(string folder)
    {
        using var process = Process.Start("dotnet", [ServerProcess.App, "rebuild", "rollups", .. Arguments(folder)]);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException("The rollups could not be counted.");
    }
}
