using System.Globalization;
using MediatR;
using MetaMessaging.Application.Maintenance;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Contacts;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Infrastructure.Tests.Graph;
using MetaMessaging.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

public class DatabaseTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Ids_of_meta_that_differ_in_case_only_are_different_messages()
    {
        var conversation = await Given(Some.Conversation());
        await Given(Some.Inbound(conversation, mid: "m_aBc"));

        await Given(Some.Inbound(conversation, mid: "m_AbC"));

        Assert.Equal("m_AbC", (await Row(db => db.Messages.Where(m => m.ExternalId == "m_AbC"))).ExternalId);
    }

    [Fact]
    public async Task A_mid_is_stored_once_for_each_connection()
    {
        var conversation = await Given(Some.Conversation());
        await Given(Some.Inbound(conversation, mid: "m_same"));

        await Assert.ThrowsAnyAsync<DbUpdateException>(() => Given(Some.Inbound(conversation, mid: "m_same")));
    }

    [Fact]
    public async Task The_same_customer_id_may_exist_on_two_pages()
    {
        await Given(Some.Conversation(customerId: "7654"));

        await Given(Some.Conversation(customerId: "7654"));

        Assert.Equal(2, await Count(db => db.FacebookIdentities.Where(f => f.Psid == "7654")));
    }

    [Fact]
    public async Task Times_with_different_offsets_are_compared_as_instants()
    {
        var conversation = await Given(Some.Conversation());
        var inBerlin = new DateTimeOffset(2025, 10, 9, 10, 30, 0, TimeSpan.FromHours(2));   // 08:30 UTC
        await Given(Some.Inbound(conversation, "later", Some.Now.AddMinutes(-20)));          // 08:40 UTC
        await Given(Some.Inbound(conversation, "earlier", inBerlin));

        var texts = await Rows(db => db.Messages.Where(m => m.OccurredAt < Some.Now).OrderBy(m => m.OccurredAt).Select(m => m.Text));

        Assert.Equal(["earlier", "later"], texts);
    }

    [Fact]
    public async Task A_time_comes_back_as_the_instant_that_was_saved()
    {
        var at = new DateTimeOffset(2025, 10, 9, 10, 30, 0, 123, TimeSpan.FromHours(2));
        await Given(Contact.FromFacebook(Some.OrganizationId, "1", "2", at));

        var contact = await Row(db => db.Contacts);

        Assert.Equal(at, contact.CreatedAt);
        Assert.Equal(TimeSpan.Zero, contact.CreatedAt.Offset);
    }

    [Fact]
    public async Task A_channel_is_stored_by_its_name()
    {
        await Given(Some.Conversation(channel: Channel.InstagramDm));

        Assert.Equal(1, await Count(db => db.Conversations.Where(c => c.Channel == Channel.InstagramDm)));
    }
}

public sealed class SqliteFileTests : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private ServiceProvider services = null!;

    public async ValueTask InitializeAsync()
    {
        await SqliteTemplate.CopyToAsync(folder.File("app.db"));
        var fakes = new Fakes();
        services = SliceServices.Build("Sqlite", $"Data Source={folder.File("app.db")};Pooling=False", () => fakes);
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData("journal_mode", "wal")]
    [InlineData("synchronous", "2")]         // FULL: an acknowledged commit survives a power cut
    [InlineData("foreign_keys", "1")]
    [InlineData("busy_timeout", "4000")]
    public async Task Every_connection_has_these_settings(string pragma, string expected)
    {
        await using var scope = services.CreateAllOrganizationsScope();
        var database = scope.ServiceProvider.GetRequiredService<AppDbContext>().Database;
        await database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // One of the four names above.
        command.CommandText = $"PRAGMA {pragma}";
#pragma warning restore CA2100

        var value = Convert.ToString(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken), CultureInfo.InvariantCulture);

        Assert.Equal(expected, value);
    }

    [Fact]
    public async Task Two_nodes_that_start_at_the_same_time_set_the_database_up_once()
    {
        var fakes = new Fakes();
        var connection = $"Data Source={folder.File("new.db")};Pooling=False";
        var nodes = Enumerable.Range(0, 2).Select(_ => SliceServices.Build("Sqlite", connection, () => fakes)).ToList();
        foreach (var configuration in nodes.Select(n => n.GetRequiredService<IConfiguration>()))
            (configuration["Bootstrap:AdminEmail"], configuration["Bootstrap:AdminPassword"]) = ("ada@example.com", "blue-cup-coffee");

        await Task.WhenAll(nodes.Select(node => Task.Run(node.PrepareDatabaseAsync)));

        await using var scope = nodes[0].CreateAllOrganizationsScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        Assert.Single(await db.SystemConfig.ToListAsync(TestContext.Current.CancellationToken));
        var user = Assert.Single(await db.Users.ToListAsync(TestContext.Current.CancellationToken));
        var organization = Assert.Single(await db.Organizations.ToListAsync(TestContext.Current.CancellationToken));
        var membership = Assert.Single(await db.Memberships.ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal((user.Id, organization.Id), (membership.UserId, membership.OrganizationId));
        foreach (var node in nodes) await node.DisposeAsync();
    }

    [Fact]
    public async Task The_app_says_before_it_migrates_a_database_what_and_how_long()
    {
        var file = folder.File("old.db");
        await using (var old = DesignTimeContexts.Sqlite())
        {
            old.Database.SetConnectionString($"Data Source={file};Pooling=False");
            await old.GetService<IMigrator>().MigrateAsync("Core", TestContext.Current.CancellationToken);
        }

        var log = new LogLines();
        var fakes = new Fakes();
        await using var node = SliceServices.Build("Sqlite", $"Data Source={file};Pooling=False", () => fakes);
        node.GetRequiredService<ILoggerFactory>().AddProvider(log);

        await node.PrepareDatabaseAsync();
        await node.PrepareDatabaseAsync();

        var line = Assert.Single(log.All.Split('\n'), l => l.StartsWith("Migrating the database", StringComparison.Ordinal));
        Assert.Matches("_MetaSettings, .* indexes are built over 0 rows, which takes about 0 s", line);
    }

    [Fact]
    public async Task A_sample_of_each_index_tells_the_planner_how_many_rows_there_are()
    {
        await using var scope = services.CreateAllOrganizationsScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var conversation = Some.Conversation();
        await db.SeedAsync(conversation);
        for (var i = 0; i < 5; i++) await db.SeedAsync(Some.Inbound(conversation));

        await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new UpdateStatistics(), TestContext.Current.CancellationToken);

        var known = await db.Database
            .SqlQuery<string>($"SELECT stat AS Value FROM sqlite_stat1 WHERE idx = 'ix_messages_connection_id_external_id'")
            .SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal("5 5 1", known);
    }

    [Fact]
    public async Task A_row_whose_foreign_key_refers_to_nothing_is_refused()
    {
        await using var scope = services.CreateAllOrganizationsScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        db.Contacts.Add(Contact.FromFacebook(organizationId: 4711, "1", "2", Some.Now));

        var exception = await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync(TestContext.Current.CancellationToken));

        Assert.Equal(19, Assert.IsType<SqliteException>(exception.InnerException).SqliteErrorCode);
    }

    [Fact]
    public async Task The_second_of_two_writers_of_a_message_gets_a_concurrency_exception()
    {
        await using var firstScope = services.CreateAllOrganizationsScope();
        await using var secondScope = services.CreateAllOrganizationsScope();
        var first = firstScope.ServiceProvider.GetRequiredService<AppDbContext>();
        var second = secondScope.ServiceProvider.GetRequiredService<AppDbContext>();
        await first.SeedAsync(Some.Queued(Some.Conversation()));

        Assert.True((await second.Messages.SingleAsync(TestContext.Current.CancellationToken)).TryClaim(Some.Now));
        Assert.True((await first.Messages.SingleAsync(TestContext.Current.CancellationToken)).TryClaim(Some.Now));
        await second.SaveChangesAsync(TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => first.SaveChangesAsync(TestContext.Current.CancellationToken));
    }
}
