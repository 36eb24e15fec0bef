using System.Text.Json.Nodes;
using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Compliance;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Contacts;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.WebUI.Tests;

public sealed class SearchTests(AppFixture fixture) : IAsyncLifetime
{
    private Tenant tenant = null!;
    private PageConnection connection = null!;
    private Conversation conversation = null!;

    private App App => fixture.App;

    private ApiClient Agent => tenant.Agent.Api;

    public async ValueTask InitializeAsync()
    {
        tenant = await App.CreateTenantAsync("Search");
        connection = Some.Connection(igAccountId: Some.Unique("1784"), organizationId: tenant.OrganizationId);
        conversation = Some.Conversation(connection: connection);
        await SeedAsync(conversation);
    }

    public ValueTask DisposeAsync() => default;

    [Theory]
    [InlineData("Zwei Äpfel bitte", "äpfel")]
    [InlineData("Zwei Äpfel bitte", "APFEL")]
    [InlineData("zwei apfel", "ÄPFEL")]
    [InlineData("Zwei A\u0308pfel", "äpfel")]
    [InlineData("Crème brûlée", "creme BRULEE")]
    [InlineData("Die Straße", "strasse")]
    [InlineData("STRASSE", "straße")]
    [InlineData("Æble på Ærø", "aeble aero")]
    [InlineData("Łódź", "lodz")]
    [InlineData("İstanbul'dan", "istanbul")]
    [InlineData("ISTANBUL", "ıstanbul")]
    [InlineData("Диван и Кресло", "ДИВАН кресло")]
    [InlineData("Ёлка", "елка")]
    [InlineData("Καλημέρα ΚΌΣΜΟΣ", "κοσμος")]
    [InlineData("ＡＢＣ １２３", "abc 123")]
    [InlineData("مُحَمَّد", "محمد")]
    [InlineData("שָׁלוֹם", "שלום")]
    [InlineData("हिन्दी में", "हिन्दी")]
    [InlineData("東京都に行きます", "東京")]
    [InlineData("東京都に行きます", "京都")]
    [InlineData("東京都に行きます", "行")]
    [InlineData("我想买一双鞋", "一双鞋")]
    [InlineData("ｶﾞｲﾄﾞ", "ガイド")]
    [InlineData("ฉันต้องการซื้อรองเท้า", "รองเท้า")]
    [InlineData("서울에서 만나요", "서울")]
    [InlineData("Danke 😀👍🏽", "👍")]
    [InlineData("Order A-4711/b", "4711")]
    [InlineData("Rückwegversicherung", "weg")]
    [InlineData("Rückwegversicherung", "sicherung")]
    [InlineData("Where is my order", "order where")]
    [InlineData("Where is my order", "ord")]
    [InlineData("I am A", "a")]
    public async Task A_message_is_found_whatever_the_case_accents_form_and_script(string text, string q)
    {
        var message = await SayAsync(text);

        Assert.Equal([message], await MessagesAsync(q));
        Assert.Equal([conversation.Id], Ids(await GetAsync("api/conversations", ("q", q)), "id"));
    }

    [Theory]
    [InlineData("Where is my order", "order nothing")]
    [InlineData("Where is my order", "rder nothing")]
    [InlineData("東京都", "都東")]
    [InlineData("東京都", "京東")]
    [InlineData("Tisch", "ti")]
    [InlineData("Tisch", "Tischler")]
    [InlineData("abcd bcde", "abcde")]
    [InlineData("Apfel", "Äpfel*")]
    [InlineData("が", "か")]
    [InlineData("Anything", "*")]
    [InlineData("Anything", "\" ' - :")]
    [InlineData("Anything", "\ud83d")]
    public async Task A_message_without_the_words_is_not_found(string text, string q)
    {
        await SayAsync(text);

        if (q is "Äpfel*") Assert.Single(await MessagesAsync(q));   // the sign is no operator, and no word
        else Assert.Empty(await MessagesAsync(q));
    }

    [Theory]
    [InlineData("\"order\" NEAR my", "order near my")]
    [InlineData("a AND b OR NOT c", "not and or")]
    [InlineData("text:order -my ^x (y) {z}", "text:order")]
    [InlineData("tokens : rowid", "tokens:rowid")]
    [InlineData("100% _sure_ [x]", "100% _sure_ [x]")]
    [InlineData("x'; DROP TABLE messages; --", "x'; DROP TABLE messages; --")]
    public async Task Nothing_in_the_search_text_is_an_operator(string text, string q)
    {
        var message = await SayAsync(text);

        Assert.Equal([message], await MessagesAsync(q));
        Assert.Equal([message], await MessagesAsync(text));
    }

    [Fact]
    public async Task A_search_has_a_text_of_200_characters_at_most_and_known_filters()
    {
        var longest = string.Join(' ', Enumerable.Range(0, 50).Select(i => $"w{i:00}"));
        Assert.Equal(199, longest.Length);
        var message = await SayAsync(longest);

        Assert.Equal([message], await MessagesAsync(longest));
        Assert.Equal(400, (await Agent.GetAsync($"api/search?q={longest}ab")).Status);
        Assert.Equal(400, (await Agent.GetAsync("api/search")).Status);
        Assert.Equal(400, (await Agent.GetAsync("api/search?q=")).Status);
        Assert.Equal(400, (await Agent.GetAsync("api/search?q=w&in=notes")).Status);
        Assert.Equal(400, (await Agent.GetAsync("api/search?q=w&in=messages&in=contacts")).Status);
        Assert.Equal(400, (await Agent.GetAsync("api/search?q=w&from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z")).Status);
        Assert.Equal(400, (await Agent.GetAsync("api/search?q=w&cursor=x")).Status);
        Assert.Equal(200, (await Agent.SendAsync(HttpMethod.Head, "api/search?q=w", null)).Status);
    }

    [Fact]
    public async Task A_hit_tells_where_it_is_with_the_words_marked_and_everything_else_escaped()
    {
        var message = await SayAsync("<b>Bitte & zwei Äpfel, äpfel!</b>");

        var item = Assert.Single((await SearchAsync("apfel")).Json["items"]!.AsArray())!;

        Assert.Equal("&lt;b&gt;Bitte &amp; zwei <mark>Äpfel</mark>, <mark>äpfel</mark>!&lt;/b&gt;", (string)item["snippet"]!);
        Assert.Equal(("message", message), ((string)item["type"]!, (long)item["messageId"]!));
        Assert.Equal(conversation.Id, (long)item["conversationId"]!);
        Assert.Equal(("facebookMessenger", "inbound"), ((string)item["channel"]!, (string)item["direction"]!));
        Assert.Equal(conversation.Contact.Id, (long)item["contact"]!["id"]!);
        Assert.Null((await SearchAsync("apfel")).Json["gap"]);
    }

    [Fact]
    public async Task A_long_text_is_cut_around_the_first_hit()
    {
        await SayAsync($"{string.Concat(Enumerable.Repeat("lorem ipsum ", 60))}needle {string.Concat(Enumerable.Repeat("dolor 😀 ", 60))}");

        var snippet = (string)Assert.Single((await SearchAsync("needle")).Json["items"]!.AsArray())!["snippet"]!;

        Assert.Matches("^….{20,45}<mark>needle</mark> .+…$", snippet);
        Assert.InRange(snippet.Length, 100, 190);
    }

    [Fact]
    public async Task Whole_words_come_first_then_parts_each_newest_first_page_by_page()
    {
        var parts = new List<long>();
        var whole = new List<long>();
        for (var i = 0; i < 7; i++)
        {
            whole.Add(await SayAsync("Ein Weg"));
            parts.Add(await SayAsync("Ein Umweg"));
        }

        var found = new List<long>();
        string? cursor = "";
        while (cursor is not null)
        {
            var page = await GetAsync("api/search", ("q", "weg"), ("in", "messages"), ("limit", "3"), ("cursor", cursor));
            found.AddRange(Ids(page, "messageId"));
            cursor = (string?)page.Json["nextCursor"];
        }

        whole.Reverse();
        parts.Reverse();
        Assert.Equal([.. whole, .. parts], found);
    }

    [Fact]
    public async Task People_are_found_by_name_user_name_and_id_and_come_before_conversations_and_messages()
    {
        var contact = Contact.FromInstagram(tenant.OrganizationId, connection.IgAccountId!, "998877665544", Some.Now);
        contact.Rename("Wilhelmina Müller-Lüdenscheidt");
        contact.Instagram[0].UpdateProfile("mina.loves_shoes", null, null, null, null);
        var theirs = Some.Conversation(connection: connection, channel: Channel.InstagramDm, customerId: "998877665544", contact: contact);
        await SeedAsync(theirs);
        var message = await SayAsync("Say hello to Wilhelmina");

        string[] texts =
            ["wilhelmina", "MULLER", "w", "wi", "helm", "ludenscheidt mu", "mina.loves_shoes", "shoes", "il", "998877665544", "8776"];
        foreach (var q in texts)
        {
            Assert.Equal([contact.Id], Ids(await GetAsync("api/contacts", ("q", q)), "id"));
            Assert.Contains(theirs.Id, Ids(await GetAsync("api/conversations", ("q", q)), "id"));
            Assert.Equal([theirs.Id], Ids(await GetAsync("api/search", ("q", q), ("in", "conversations")), "conversationId"));
        }

        var all = (await SearchAllAsync("wilhelmina")).Json["items"]!.AsArray();
        Assert.Equal(["contact", "conversation", "message"], all.Select(i => (string)i!["type"]!));
        Assert.Equal(message, (long)all[2]!["messageId"]!);
        Assert.Equal("<mark>Wilhelmina</mark> Müller-Lüdenscheidt", (string)all[0]!["snippet"]!);
        Assert.Equal("mina.loves_<mark>shoes</mark>", (string)(await SearchAllAsync("shoes")).Json["items"]![0]!["snippet"]!);
        (string, string)[] contacts = [("q", "mina"), ("in", "contacts")];
        Assert.Equal([contact.Id], Ids(await GetAsync("api/search", [.. contacts, ("channel", "instagramDm")]), "contact"));
        Assert.Empty(Ids(await GetAsync("api/search", [.. contacts, ("channel", "facebookMessenger")]), "contact"));
        Assert.Empty(Ids(await GetAsync("api/contacts", ("q", "ilhelmina")), "id").Except([contact.Id]));
    }

    [Fact]
    public async Task Notes_file_names_titles_and_postbacks_are_found()
    {
        var note = (await Agent.PostAsync($"api/conversations/{conversation.Id}/notes", new { text = "Kennt die Kalkulation" })).Json;
        var message = Some.Inbound(
            await ReloadAsync(), text: null, attachments: new AttachmentContent("template", null, "Sommerangebot", null));
        await SeedAsync(message);

        var found = Assert.Single((await SearchAllAsync("kalkulation")).Json["items"]!.AsArray())!;
        Assert.Equal(("conversation", (long)note["id"]!), ((string)found["type"]!, (long)found["noteId"]!));
        Assert.Equal([conversation.Id], Ids(await GetAsync("api/conversations", ("q", "kalkulation")), "id"));
        Assert.Equal([message.Id], await MessagesAsync("sommerangebot"));
        Assert.Equal([message.Id], await MessagesAsync("angebot"));

        Assert.Equal(204, (await Agent.DeleteAsync($"api/conversations/{conversation.Id}/notes/{(long)note["id"]!}")).Status);
        Assert.Empty((await SearchAllAsync("kalkulation")).Json["items"]!.AsArray());
    }

    [Fact]
    public async Task Messages_are_filtered_by_channel_and_time()
    {
        var instagram = Some.Conversation(connection: connection, channel: Channel.InstagramDm);
        await SeedAsync(instagram);
        var old = await SayAsync("needle", at: new DateTimeOffset(2023, 5, 31, 23, 59, 59, TimeSpan.Zero));
        var newer = await SayAsync("needle", at: new DateTimeOffset(2025, 2, 3, 12, 0, 0, TimeSpan.Zero));
        var other = await SayAsync("needle", instagram, at: new DateTimeOffset(2025, 2, 3, 13, 0, 0, TimeSpan.Zero));

        Assert.Equal([other], await MessagesAsync("needle", ("channel", "instagramDm")));
        Assert.Equal([newer, old], await MessagesAsync("needle", ("channel", "facebookMessenger")));
        Assert.Equal([other, newer], await MessagesAsync("needle", ("from", "2023-06-01T00:00:00Z")));
        Assert.Equal([old], await MessagesAsync("needle", ("to", "2023-06-01T00:00:00Z")));
        Assert.Equal([old], await MessagesAsync("needle", ("from", "2023-05-31T23:59:59Z"), ("to", "2024-01-01T00:00:00Z")));
        Assert.Equal([other], await MessagesAsync("needle", ("from", "2025-02-03T12:00:01Z"), ("to", "2025-02-03T14:00:00Z")));
        Assert.Empty(await MessagesAsync("needle", ("from", "2024-01-01T00:00:00Z"), ("to", "2025-02-03T12:00:00Z")));
    }

    [Fact]
    public async Task Another_organizations_words_are_never_found()
    {
        var message = await SayAsync("Geheimsache");
        var other = await App.CreateTenantAsync("Other");

        Assert.Equal([message], await MessagesAsync("geheimsache"));
        foreach (var address in new[] { "api/search?q=geheimsache", "api/search?q=geheim&in=messages", "api/conversations?q=geheimsache" })
            Assert.Empty((await other.Agent.Api.GetAsync(address)).Json["items"]!.AsArray());
        Assert.Equal(403, (await tenant.Ops.Api.GetAsync("api/search?q=geheimsache")).Status);
    }

    [Fact]
    public async Task What_is_edited_unsent_renamed_and_merged_is_found_as_it_is_now()
    {
        var edited = await SayAsync("Vorher");
        var unsent = await SayAsync("Zurückgezogen");
        Assert.Equal([edited], await MessagesAsync("vorher"));
        Assert.Equal([unsent], await MessagesAsync("zuruckgezogen"));

        await ChangeMessageAsync(edited, m => m.Edit("Nachher", 1, App.Clock.Now));
        await ChangeMessageAsync(unsent, m => m.Unsend(App.Clock.Now, App.Clock.Now));
        await Agent.PatchAsync($"api/contacts/{conversation.Contact.Id}", new { name = "Tante Erna" });

        Assert.Empty(await MessagesAsync("vorher"));
        Assert.Equal([edited], await MessagesAsync("nachher"));
        Assert.Empty(await MessagesAsync("zuruckgezogen"));
        Assert.Equal([conversation.Contact.Id], Ids(await GetAsync("api/contacts", ("q", "erna")), "id"));
        Assert.Empty(Ids(await GetAsync("api/contacts", ("q", "user")), "id"));

        var other = Some.Conversation(connection: connection, channel: Channel.InstagramDm);
        await SeedAsync(other);
        var merge = await Agent.PostAsync($"api/contacts/{conversation.Contact.Id}/merge", new { otherContactId = other.Contact.Id });
        Assert.Equal(200, merge.Status);
        Assert.Equal([conversation.Contact.Id], Ids(await GetAsync("api/contacts", ("q", other.Contact.Instagram[0].Igsid)), "id"));
        Assert.Equal(2, Ids(await GetAsync("api/conversations", ("q", "erna")), "id").Count);
    }

    [Fact]
    public async Task Whoever_is_erased_and_what_retention_deletes_leaves_nothing_in_the_index()
    {
        var theirs = Some.Conversation(connection: connection);
        await SeedAsync(theirs);
        var contactId = theirs.Contact.Id;
        var message = await SayAsync("Ein seltenes Wortungetüm", theirs);
        var old = await SayAsync("Ein altes Wort", at: App.Clock.Now.AddDays(-400));
        var note = (long)(await Agent.PostAsync($"api/conversations/{theirs.Id}/notes", new { text = "Notiz" })).Json["id"]!;
        long[] rows =
        [
            Row(message, SearchSource.Message), Row(old, SearchSource.Message), Row(note, SearchSource.Note),
            Row(contactId, SearchSource.ContactName), Row(theirs.Contact.Facebook[0].Id, SearchSource.FacebookIdentity),
        ];
        Assert.Single(await MessagesAsync("wortungetüm"));
        Assert.Equal(rows.Order(), await IndexedAsync(rows));

        Assert.Equal(204, (await Agent.DeleteAsync($"api/contacts/{contactId}")).Status);
        Assert.Equal(200, (await tenant.Admin.Api.PutAsync("api/settings/retention", new { messageDays = 100 })).Status);
        await SendAsync(new DeleteExpiredData());

        Assert.Empty(await MessagesAsync("wort"));
        Assert.Empty(await IndexedAsync(rows));
        await App.InDatabaseAsync(
            db => db.Database.ExecuteSqlAsync($"INSERT INTO search_index (search_index) VALUES ('integrity-check')"));

        static long Row(long id, SearchSource source) => (id * 8) + (long)source;
    }

    /// <returns>Those rows of the index that it has any token of.</returns>
    private Task<List<long>> IndexedAsync(long[] rows) => App.InDatabaseAsync(async db =>
    {
        await db.Database.OpenConnectionAsync();
        await db.Database.ExecuteSqlAsync(
            $"CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_tokens_by_row USING fts5vocab('main', 'search_index', 'instance')");
        var all = await db.Database.SqlQuery<long>($"SELECT DISTINCT doc AS Value FROM temp.search_tokens_by_row").ToListAsync();
        return all.Intersect(rows).Order().ToList();
    });

    private async Task SendAsync(IRequest request)
    {
        await using var scope = App.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<OrganizationScope>().EnterAllOrganizations();
        await scope.ServiceProvider.GetRequiredService<IMediator>().Send(request, TestContext.Current.CancellationToken);
    }

    private Task<int> SeedAsync(params object[] entities) => App.InDatabaseAsync(async db =>
    {
        await db.SeedAsync(entities);
        return 0;
    });

    private Task<Conversation> ReloadAsync(Conversation? of = null) => App.InDatabaseAsync(db => db.Conversations
        .Include(c => c.Contact).Include(c => c.Connection).SingleAsync(c => c.Id == (of ?? conversation).Id));

    /// <returns>The message.</returns>
    private async Task<long> SayAsync(string text, Conversation? to = null, DateTimeOffset? at = null)
    {
        var message = Some.Inbound(await ReloadAsync(to), text, at ?? App.Clock.Now);
        await SeedAsync(message);
        return message.Id;
    }

    private Task<int> ChangeMessageAsync(long id, Action<Message> change) => App.InDatabaseAsync(async db =>
    {
        var message = await db.Messages.Include(m => m.Attachments).Include(m => m.Reactions).Include(m => m.Conversation)
            .SingleAsync(m => m.Id == id);
        change(message);
        return await db.SaveChangesAsync();
    });

    private Task<Answer> SearchAsync(string q) => GetAsync("api/search", ("q", q), ("in", "messages"));

    private Task<Answer> SearchAllAsync(string q) => GetAsync("api/search", ("q", q));

    private async Task<List<long>> MessagesAsync(string q, params (string, string)[] filters) =>
        Ids(await GetAsync("api/search", [("q", q), ("in", "messages"), .. filters]), "messageId");

    private async Task<Answer> GetAsync(string path, params (string Name, string Value)[] query)
    {
        var parameters = query.Where(p => p.Value.Length > 0).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value)}");
        var answer = await Agent.GetAsync($"{path}?{string.Join('&', parameters)}");
        Assert.True(answer.Status == 200, answer.ToString());
        return answer;
    }

    private static List<long> Ids(Answer answer, string name) =>
        [.. answer.Json["items"]!.AsArray().Select(i => (long)(i![name] is JsonObject o ? o["id"] : i[name])!)];
}
