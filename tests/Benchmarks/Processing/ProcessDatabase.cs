using System.Globalization;
using MetaMessaging.Application;
using MetaMessaging.Application.Common;
using MetaMessaging.Benchmarks.Ingest;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Organizations;
using MetaMessaging.Infrastructure;
using MetaMessaging.Infrastructure.Persistence;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.Benchmarks.Processing;

/// <summary>The app's database: created through the product's own context, and read through a read-only connection.</summary>
internal sealed class ProcessDatabase : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly SqliteCommand lastId;
    private readonly SqliteCommand newMessages;
    private readonly SqliteCommand watermark;
    private long seenUpTo;

    private ProcessDatabase(string file)
    {
        File = file;
        connection = new SqliteConnection($"Data Source={file};Pooling=False;Mode=ReadOnly");
        connection.Open();
        lastId = Command("SELECT coalesce(max(id), 0) FROM messages");
        newMessages = Command("SELECT id, external_id FROM messages WHERE id > @id ORDER BY id", "@id");
        watermark = Command("SELECT read_up_to FROM conversations WHERE id = @id", "@id");
        SkipToEnd();
    }

    public string File { get; }

    /// <summary>Creates the database with the app settings and one connected Page.</summary>
    public static async Task<ProcessDatabase> CreateAsync(string folder)
    {
        var file = Path.Combine(folder, "app.db");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            Settings(folder).Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddLogging();
        services.AddApplication();
        services.AddInfrastructure(configuration);
        await using var provider = services.BuildServiceProvider();
        await provider.PrepareDatabaseAsync();

        await using var work = provider.CreateAsyncScope();
        work.ServiceProvider.GetRequiredService<OrganizationScope>().EnterAllOrganizations();
        var db = work.ServiceProvider.GetRequiredService<AppDbContext>();
        var now = DateTimeOffset.UtcNow;
        (await db.SystemConfig.SingleAsync()).Update(IngestWebhook.AppId, IngestWebhook.AppSecret, "token", now);
        var organization = new Organization("Blue Cup Coffee", now);
        db.Organizations.Add(organization);
        await db.SaveChangesAsync();
        var page = new PageConnection(organization.Id, ProcessWebhook.PageId);
        page.Connect(new ConnectablePage(ProcessWebhook.PageId, "Blue Cup Coffee", "page-token", null, null), null, null, null, now);
        db.Connections.Add(page);
        await db.SaveChangesAsync();
        return new ProcessDatabase(file);
    }

    public static (string Name, string Value)[] Settings(string folder) =>
    [
        ("ConnectionStrings:Database", $"Data Source={Path.Combine(folder, "app.db")}"),
        ("DataProtection:KeysPath", Path.Combine(folder, "keys")),
        ("Storage:Path", Path.Combine(folder, "media")),
    ];

    /// <summary>Counts the messages since the last call.</summary>
    public int CountNew()
    {
        var last = (long)lastId.ExecuteScalar()!;
        var count = (int)(last - seenUpTo);
        seenUpTo = last;
        return count;
    }

    public int ReadNew(Action<string> onMid)
    {
        newMessages.Parameters[0].Value = seenUpTo;
        using var rows = newMessages.ExecuteReader();
        var count = 0;
        for (; rows.Read(); count++)
        {
            seenUpTo = rows.GetInt64(0);
            onMid(rows.GetString(1));
        }

        return count;
    }

    public void SkipToEnd() => CountNew();

    public async Task<bool> IsReadUpToAsync(long conversationId, long unixMilliseconds)
    {
        watermark.Parameters[0].Value = conversationId;
        if (await watermark.ExecuteScalarAsync() is not string text) return false;
        var readUpTo = DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        return readUpTo >= DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds);
    }

    /// <summary>Copies an existing message many times, spread over all conversations, with times in the past.</summary>
    public void Preload(int count)
    {
        using var writer = Writer();
        var columns = Columns(writer).Where(c => c != "id").ToList();
        var values = columns.Select(c => c switch
        {
            "external_id" => "@mid",
            "conversation_id" => "@conversation",
            "occurred_at" or "sent_at" => "@at",
            _ => c,
        });
        var conversations = Longs(writer, "SELECT id FROM conversations ORDER BY id");
        const int BatchSize = 20_000;
        for (var from = 0; from < count; from += BatchSize)
        {
            using var transaction = writer.BeginTransaction();
            using var insert = writer.CreateCommand();
#pragma warning disable CA2100 // The column names come from the product's schema.
            insert.CommandText =
                $"INSERT INTO messages ({string.Join(", ", columns)}) SELECT {string.Join(", ", values)} FROM messages WHERE id = "
                    + "(SELECT min(id) FROM messages WHERE direction = 'Inbound')";
#pragma warning restore CA2100
            foreach (
                var name in new[] { "@mid", "@conversation", "@at" }) insert.Parameters.Add(new SqliteParameter { ParameterName = name });
            for (var n = from; n < Math.Min(from + BatchSize, count); n++)
            {
                insert.Parameters["@mid"].Value = "p" + ProcessWebhook.Mid(n)[1..];
                insert.Parameters["@conversation"].Value = conversations[n % conversations.Count];
                insert.Parameters["@at"].Value = TimeText(ProcessWebhook.TimeOf(-count + n));
                insert.ExecuteNonQuery();
            }

            transaction.Commit();
        }

        SkipToEnd();
    }

    /// <summary>After a bulk insert the app indexes the new rows for the search, which takes a while and most of a processor.</summary>
    public async Task WaitForSearchIndexAsync()
    {
        await using var isBehind = Command(
            "SELECT indexed_up_to < (SELECT max(id) FROM messages) FROM search_progress WHERE source = 0");
        while (await isBehind.ExecuteScalarAsync() is 1L) await Task.Delay(TimeSpan.FromSeconds(1));
    }

    /// <summary>Adds messages of the business to a conversation, all of them read.</summary>
    public long AddSentMessages(long customer, int count)
    {
        using var writer = Writer();
        var conversation = Longs(
            writer, $"SELECT id FROM conversations WHERE scoped_user_id = '{ProcessWebhook.CustomerId(customer)}'").Single();
        var columns = Columns(writer).Where(c => c is not "id" and not "external_id").ToList();
        var values = columns.Select(c => c switch
        {
            "conversation_id" => "@conversation",
            "occurred_at" or "sent_at" or "delivered_at" or "read_at" => "@at",
            "direction" => "'Outbound'",
            "status" => "'Read'",
            _ => c,
        });
        using var transaction = writer.BeginTransaction();
        using var insert = writer.CreateCommand();
#pragma warning disable CA2100 // The column names come from the product's schema.
        insert.CommandText =
            $"INSERT INTO messages ({string.Join(", ", columns)}) SELECT {string.Join(", ", values)} FROM messages WHERE id = (SELECT "
                + "min(id) FROM messages)";
#pragma warning restore CA2100
        foreach (var name in new[] { "@conversation", "@at" }) insert.Parameters.Add(new SqliteParameter { ParameterName = name });
        for (var n = 0; n < count; n++)
        {
            insert.Parameters["@conversation"].Value = conversation;
            insert.Parameters["@at"].Value = TimeText(ProcessWebhook.TimeOf(-count + n));
            insert.ExecuteNonQuery();
        }

        transaction.Commit();
        SkipToEnd();
        return conversation;
    }

    public void ResetToDelivered(long conversationId, int last)
    {
        using var writer = Writer();
        using var update = writer.CreateCommand();
        update.CommandText =
            "UPDATE messages SET status = 'Delivered', read_at = NULL WHERE id IN (SELECT id FROM messages WHERE conversation_id = @id "
                + "AND direction = 'Outbound' ORDER BY occurred_at DESC LIMIT @last)";
        update.Parameters.AddWithValue("@id", conversationId);
        update.Parameters.AddWithValue("@last", last);
        update.ExecuteNonQuery();
    }

    /// <summary>Checks that every event became one message, and that the counters of the conversations agree.</summary>
    public bool IsEveryEventStoredOnce(long events)
    {
        var stored = new HashSet<long>();
        int twice = 0, foreign = 0;
        using var command = Command("SELECT external_id FROM messages WHERE external_id LIKE 'm\\_%' ESCAPE '\\'");
        using (var row = command.ExecuteReader())
        {
            while (row.Read())
            {
                var number = ProcessWebhook.NumberOf(row.GetString(0));
                if (number < 0 || number >= events) foreign++;
                else if (!stored.Add(number)) twice++;
            }
        }

        var pending = (long)Command("SELECT count(*) FROM webhook_deliveries WHERE state <> 'Processed'").ExecuteScalar()!;
        var counted = (long)Command("SELECT sum(inbound_count) FROM conversations").ExecuteScalar()!;
        var missing = events - stored.Count;
        var right = missing == 0 && twice == 0 && foreign == 0 && pending == 0 && counted == events;
        Console.WriteLine(
            $"{events} events acknowledged, {stored.Count} messages, {missing} missing, {twice} twice, {foreign} foreign, {counted} "
                + $"counted by their conversations, {pending} deliveries not processed: "
            + (right ? "each event took effect exactly once." : "FAILED."));
        return right;
    }

    public void Dispose()
    {
        lastId.Dispose();
        newMessages.Dispose();
        watermark.Dispose();
        connection.Dispose();
    }

    private static string TimeText(long unixMilliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds).UtcDateTime.ToString(
            "yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);

    private SqliteConnection Writer()
    {
        var writer = new SqliteConnection($"Data Source={File};Pooling=False");
        writer.Open();
        using var pragmas = writer.CreateCommand();
        pragmas.CommandText = "PRAGMA busy_timeout=10000; PRAGMA synchronous=OFF; PRAGMA cache_size=-200000;";
        pragmas.ExecuteNonQuery();
        return writer;
    }

    private static List<string> Columns(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM pragma_table_info('messages')";
        using var row = command.ExecuteReader();
        var names = new List<string>();
        while (row.Read()) names.Add(row.GetString(0));
        return names;
    }

    private static List<long> Longs(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var row = command.ExecuteReader();
        var all = new List<long>();
        while (row.Read()) all.Add(row.GetInt64(0));
        return all;
    }

    private SqliteCommand Command(string sql, params string[] parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var parameter in parameters) command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        return command;
    }
}
