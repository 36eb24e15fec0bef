using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
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
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.Benchmarks.Reading;

/// <summary>A database with a long history. It is made once and kept; each measurement works on a copy.</summary>
internal static partial class ReadDatabase
{
    public const string Email = "nora@example.com";
    public const string Password = "Read-benchmark-1";

    private const int Pages = 20;
    private const int History = 400;   // days

    /// <returns>The folder of the template, with the database and the keys that its secrets are protected with.</returns>
    public static async Task<string> TemplateAsync(int messages)
    {
        var folder = Path.Combine("artifacts", "benchmarks", "read", string.Create(CultureInfo.InvariantCulture, $"{messages}"));
        if (File.Exists(Path.Combine(folder, "ready"))) return Path.GetFullPath(folder);

        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        var began = Stopwatch.GetTimestamp();
        folder = Directory.CreateDirectory(folder).FullName;
        // The app itself creates the administrator, for which this process lacks the services.
        using (await ServerProcess.StartAsync(ServerProcess.App, folder, Arguments(folder))) await AddPagesAsync(folder);
        Seed(Path.Combine(folder, "app.db"), messages);
        await RebuildRollupsAsync(folder);
        Directory.CreateDirectory(Path.Combine(folder, "media", "seed"));
        await File.WriteAllBytesAsync(Path.Combine(folder, "media", "seed", "picture.png"), new byte[50_000]);   // of all attachments
        await File.WriteAllTextAsync(Path.Combine(folder, "ready"), "");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"  {messages} messages seeded in {Stopwatch.GetElapsedTime(began).TotalSeconds:N0} s"));
        return folder;
    }

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

    /// <summary>Indexes are created and triggers put back after the rows, which takes a fraction of the time.</summary>
    private static void Seed(string file, int messages)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        Execute("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-1000000; PRAGMA threads=2; PRAGMA foreign_keys=OFF");
        var apart = messages / Math.Min(messages / 10, 100_000);
        var end = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Execute($"CREATE TEMP TABLE size AS SELECT {messages} messages, {apart} apart, {History * 86400} span, {end} until");
        AddTexts();

        var later = Strings("SELECT sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL");
        foreach (var drop in Strings(
            "SELECT 'DROP ' || type || ' \"' || name || '\"' FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"))
        {
            Execute(drop);
        }

        Execute("BEGIN");
        foreach (var statement in SeparatorLine().Split(ReadSql())) Execute(statement);
        foreach (var statement in later) Execute(statement);
        Execute("COMMIT");
        Execute("PRAGMA journal_mode=WAL");

        void Execute(string sql)
        {
            using var command = Command(sql);
            command.ExecuteNonQuery();
        }

        List<string> Strings(string sql)
        {
            using var command = Command(sql);
            using var row = command.ExecuteReader();
            var all = new List<string>();
            while (row.Read()) all.Add(row.GetString(0));
            return all;
        }

        SqliteCommand Command(string sql)
        {
            var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this program, and the product's schema.
            command.CommandText = sql;
#pragma warning restore CA2100
            command.CommandTimeout = 0;
            return command;
        }

        void AddTexts()
        {
            Execute("CREATE TEMP TABLE words_of_names (id INTEGER PRIMARY KEY, given TEXT, family TEXT)");
            Execute("CREATE TEMP TABLE sentences (id INTEGER PRIMARY KEY, text TEXT)");
            using var texts = connection.BeginTransaction();
            foreach (var (given, family) in SeedTexts.Names(499))
                Insert("INSERT INTO words_of_names (given, family) VALUES (@a, @b)", given, family);
            foreach (var sentence in SeedTexts.Sentences(4999)) Insert("INSERT INTO sentences (text) VALUES (@a)", sentence);
            texts.Commit();
        }

        void Insert(string sql, string first, string? second = null)
        {
            using var command = Command(sql);
            command.Parameters.AddWithValue("@a", first);
            if (second is not null) command.Parameters.AddWithValue("@b", second);
            command.ExecuteNonQuery();
        }
    }

    private static string ReadSql()
    {
        using var reader = new StreamReader(typeof(ReadDatabase).Assembly.GetManifestResourceStream("Seed.sql")!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("^---$", RegexOptions.Multiline)]
    private static partial Regex SeparatorLine();
}
