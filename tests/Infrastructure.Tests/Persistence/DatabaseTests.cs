using System.Globalization;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Contacts;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

/// <summary>What the database promises whatever the slices do.</summary>
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
    public async Task One_mid_is_stored_once_a_connection()
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

/// <summary>How the file is opened.</summary>
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
    [InlineData("busy_timeout", "10000")]
    public async Task Every_connection_is_opened_so(string pragma, string expected)
    {
        await using var work = services.CreateSystemScope();
        var database = work.ServiceProvider.GetRequiredService<AppDbContext>().Database;
        await database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // One of the four words above.
        command.CommandText = $"PRAGMA {pragma}";
#pragma warning restore CA2100

        var value = Convert.ToString(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken), CultureInfo.InvariantCulture);

        Assert.Equal(expected, value);
    }

    [Fact]
    public async Task A_row_that_points_to_nothing_is_refused()
    {
        await using var work = services.CreateSystemScope();
        var db = work.ServiceProvider.GetRequiredService<AppDbContext>();
        db.Contacts.Add(Contact.FromFacebook(organizationId: 4711, "1", "2", Some.Now));

        var refused = await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync(TestContext.Current.CancellationToken));

        Assert.Equal(19, Assert.IsType<SqliteException>(refused.InnerException).SqliteErrorCode);
    }

    [Fact]
    public async Task Two_writers_that_met_on_a_message_are_told_so()
    {
        await using var first = services.CreateSystemScope();
        await using var second = services.CreateSystemScope();
        var (mine, theirs) = (first.ServiceProvider.GetRequiredService<AppDbContext>(), second.ServiceProvider.GetRequiredService<AppDbContext>());
        await mine.SeedAsync(Some.Queued(Some.Conversation()));

        Assert.True((await theirs.Messages.SingleAsync(TestContext.Current.CancellationToken)).TryClaim(Some.Now));
        Assert.True((await mine.Messages.SingleAsync(TestContext.Current.CancellationToken)).TryClaim(Some.Now));
        await theirs.SaveChangesAsync(TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => mine.SaveChangesAsync(TestContext.Current.CancellationToken));
    }
}
