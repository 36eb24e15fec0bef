using System.Text.Json.Nodes;
using MetaMessaging.Domain.Audit;
using MetaMessaging.Testing;
using MetaMessaging.WebUI.BackOffice;

namespace MetaMessaging.WebUI.Tests;

public sealed class AuditTests(AppFixture fixture) : IAsyncLifetime
{
    private Tenant tenant = null!;

    public async ValueTask InitializeAsync() => tenant = await fixture.App.CreateTenantAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task An_entry_is_as_the_contract_says()
    {
        var key = (await tenant.Admin.Api.PostAsync("api/api-keys", new { name = "Shop", scopes = new[] { "ops" } })).Json;

        var entry = (await ListAsync("action=apiKey.created")).Single()!;

        Assert.Equal(
            ["action", "actor", "address", "at", "changes", "id", "organization", "target"], entry.AsObject().Select(p => p.Key).Order());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", (string)entry["at"]!);
        Assert.Equal("""{"type":"person","id":""" + tenant.Admin.UserId, entry["actor"]!.ToJsonString().Split(",\"name\"")[0]);
        Assert.Equal($$"""{"type":"apiKey","id":{{key["id"]}},"name":"Shop"}""", entry["target"]!.ToJsonString());
        Assert.Equal("""{"scopes":[null,["ops"]]}""", entry["changes"]!.ToJsonString());
        Assert.Equal("127.0.0.1", (string)entry["address"]!);
        Assert.DoesNotContain((string)key["key"]!, entry.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_in_failing_and_signing_out_are_in_the_log()
    {
        using var browser = fixture.App.Anonymous();
        await browser.PostAsync("api/auth/login", new { email = tenant.Agent.Email, password = "not this one" });
        await browser.SignInAsync(tenant.Agent.Email, App.Password);
        await browser.PostAsync("api/auth/logout");

        var actions = (await ListAsync($"actor=person:{tenant.Agent.UserId}&limit=3")).Select(e => (string)e!["action"]!);

        Assert.Equal(["session.ended", "signIn.succeeded", "signIn.failed"], actions);
    }

    [Fact]
    public async Task The_file_holds_the_same_entries_and_no_formula()
    {
        foreach (var name in new[] { "=HYPERLINK(\"http://evil.example\")", "Grüße, \"Shop\"" })
            await tenant.Admin.Api.PostAsync("api/api-keys", new { name, scopes = new[] { "ops" } });

        var file = await tenant.Admin.Api.GetAsync("api/audit.csv?action=apiKey");

        Assert.Equal((200, "text/csv"), (file.Status, file.ContentType));
        Assert.Contains("audit.csv", file.Headers["Content-Disposition"], StringComparison.Ordinal);
        var rows = file.Text.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, rows.Length);
        Assert.StartsWith("id,at,organizationId,organizationName,actorType", rows[0], StringComparison.Ordinal);
        Assert.Contains(",\"Grüße, \"\"Shop\"\"\",", rows[1], StringComparison.Ordinal);
        Assert.Contains(",\"'=HYPERLINK(\"\"http://evil.example\"\")\",", rows[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_holds_many_entries_each_once()
    {
        await fixture.App.InDatabaseAsync(async db =>
        {
            for (var i = 0; i < 2100; i++)
                db.Add(new AuditEntry(tenant.OrganizationId, AuditActor.System, "session.ended", null, null, null, fixture.App.Clock.Now));
            return await db.SaveChangesAsync();
        });

        var rows = (await tenant.Admin.Api.GetAsync("api/audit.csv?actor=system")).Text.Split("\r\n");

        Assert.Equal(2100, rows[1..^1].Select(row => row.Split(',')[0]).Distinct().Count());
    }

    [Fact]
    public async Task Wrong_filters_are_refused_also_for_the_file()
    {
        foreach (var query in new[] { "action=apiKey.creatd", "from=yesterday", "actr=1", "from=2026-11-02&to=2026-11-01" })
        {
            Assert.Equal(400, (await tenant.Admin.Api.GetAsync($"api/audit?{query}")).Status);
            Assert.Equal(400, (await tenant.Admin.Api.GetAsync($"api/audit.csv?{query}")).Status);
        }
    }

    [Fact]
    public async Task The_page_tells_it_in_sentences()
    {
        await tenant.Admin.Api.PostAsync("api/api-keys", new { name = "<b>Shop</b>", scopes = new[] { "ops" } });
        using var browser = fixture.App.Anonymous(cookies: true);
        await browser.SignInByFormAsync(tenant.Admin.Email, App.Password);

        var page = await browser.GetAsync("admin/audit?what=apiKey", ("Accept", "text/html"));

        Assert.Equal(200, page.Status);
        Assert.Contains("created the API key", page.Text, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;Shop&lt;/b&gt;", page.Text, StringComparison.Ordinal);
        Assert.Contains("href=\"/api/audit.csv?action=apiKey\"", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_action_has_a_sentence_and_an_icon()
    {
        var actions = typeof(AuditActions).GetFields().Select(field => (string)field.GetRawConstantValue()!).ToList();

        Assert.NotEmpty(actions);
        Assert.DoesNotContain(actions, action => AuditLabels.Sentence(action) == action);
        Assert.Empty(actions.Except(AuditLabels.Choices.Select(choice => choice.Value)));
    }

    private async Task<JsonArray> ListAsync(string query) =>
        (await tenant.Admin.Api.GetAsync($"api/audit?{query}")).Json["items"]!.AsArray();
}
