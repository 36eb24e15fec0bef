using System.Globalization;
using MetaMessaging.Application;
using MetaMessaging.Application.Common;
using MetaMessaging.Benchmarks.Ingest;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Contacts;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Organizations;
using MetaMessaging.Infrastructure;
using MetaMessaging.Infrastructure.Persistence;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.Benchmarks.Sending;

/// <summary>Creates the app's database with queued messages, through the product's own domain and context.</summary>
internal static class SendDatabase
{
    public static async Task CreateAsync((string Name, string Value)[] settings, SendOptions options)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build();
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

        var pages = Enumerable.Range(0, options.Pages).Select(n => Page(organization, PageId(n), now)).ToList();
        db.Connections.AddRange(pages);
        await db.SaveChangesAsync();
        var conversations = Enumerable.Range(0, options.Conversations)
            .Select(n => Conversation(pages[n % pages.Count], CustomerId(n), now))
            .ToList();
        db.Conversations.AddRange(conversations);
        await db.SaveChangesAsync();

        foreach (var conversation in conversations)
        {
            for (var n = 0; n < options.Messages; n++)
            {
                var draft = new MessageDraft(n.ToString(CultureInfo.InvariantCulture));
                db.Messages.AddRange(conversation.Compose(draft, new Sender(MessageOrigin.Agent, null, "Nora Berg"), now));
            }

            await db.SaveChangesAsync();
        }
    }

    /// <summary>Counts the messages by status, and the distinct ids that Meta gave them.</summary>
    public static (IReadOnlyDictionary<string, int> ByStatus, int Mids) Read(string folder)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "app.db")};Pooling=False;Mode=ReadOnly");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT status, count(*), count(DISTINCT external_id) FROM messages GROUP BY status";
        using var rows = command.ExecuteReader();
        var (found, mids) = (new Dictionary<string, int>(), 0);
        while (rows.Read())
        {
            found[rows.GetString(0)] = rows.GetInt32(1);
            mids += rows.GetInt32(2);
        }

        return (found, mids);
    }

    public static string PageId(int number) => $"2098{number:00000000}";

    public static string CustomerId(int number) => $"7654{number:000000000000}";

    private static PageConnection Page(Organization organization, string pageId, DateTimeOffset now)
    {
        var page = new PageConnection(organization.Id, pageId);
        page.Connect(new ConnectablePage(pageId, $"Page {pageId}", "page-token", null, null), null, null, null, now);
        return page;
    }

    private static Conversation Conversation(PageConnection page, string psid, DateTimeOffset now)
    {
        var conversation = new Conversation(
            page, Channel.FacebookMessenger, Contact.FromFacebook(page.OrganizationId, page.PageId, psid, now), psid, now);
        conversation.RecordCustomerAction(now);
        return conversation;
    }
}
