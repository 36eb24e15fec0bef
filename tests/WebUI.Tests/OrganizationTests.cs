using System.Text.Json.Nodes;
using MetaMessaging.Domain.Audit;
using MetaMessaging.Domain.Organizations;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.WebUI.Tests;

public sealed class OrganizationTests(AppFixture fixture)
{
    [Fact]
    public async Task An_organization_is_created_with_the_invitation_of_its_first_admin()
    {
        var (id, admin, email) = await CreateAsync();

        var me = (await admin.GetAsync("api/me")).Json;
        Assert.Equal((id, email), ((long)me["organization"]!["id"]!, (string)me["email"]!));
        Assert.Equal("""["admin","agent","ops"]""", me["roles"]!.ToJsonString());
        var listed = await FindAsync(id);
        Assert.Equal(
            ("active", 1, 0, 0),
            ((string)listed!["state"]!, (int)listed["members"]!, (int)listed["connections"]!, (int)listed["messages30Days"]!));
        Assert.Equal(400, (await fixture.Admin.PostAsync("api/admin/organizations", new { name = "" })).Status);
        Assert.Equal(403, (await admin.GetAsync("api/admin/organizations")).Status);
    }

    [Fact]
    public async Task The_list_counts_the_messages_of_thirty_days()
    {
        var (id, _, _) = await CreateAsync();
        var now = fixture.App.Clock.GetUtcNow();
        var conversation = Some.Conversation(organizationId: id);
        await fixture.App.InDatabaseAsync(async db =>
        {
            await db.SeedAsync(
                Some.Inbound(conversation, at: now.AddDays(-31)), Some.Inbound(conversation, at: now.AddDays(-29)),
                Some.Sent(conversation, at: now.AddDays(-29).AddMinutes(1)));
            return true;
        });

        Assert.Equal(2, (int)(await FindAsync(id))!["messages30Days"]!);
    }

    [Fact]
    public async Task Nobody_signs_in_to_a_suspended_organization_and_its_keys_are_refused()
    {
        var (id, admin, email) = await CreateAsync();
        using var software = fixture.App.Anonymous();
        software.AccessToken = (string)(await admin.PostAsync(
            "api/api-keys", new { name = "Software", scopes = new[] { "conversations:read" } })).Json["key"]!;

        var suspended = await fixture.Admin.PatchAsync($"api/admin/organizations/{id}", new { state = "suspended" });

        Assert.Equal((200, "suspended"), (suspended.Status, (string)suspended.Json["state"]!));
        Assert.Equal(401, (await admin.GetAsync("api/me")).Status);
        Assert.Equal(401, (await SignInAsync(email)).Status);
        Assert.Equal(401, (await software.GetAsync("api/conversations")).Status);
        var activated = await fixture.Admin.PatchAsync($"api/admin/organizations/{id}", new { name = "Renamed", state = "active" });
        Assert.Equal(200, activated.Status);
        Assert.Equal(200, (await SignInAsync(email)).Status);
        Assert.Equal(200, (await software.GetAsync("api/conversations")).Status);
        Assert.Equal("Renamed", (string)(await FindAsync(id))!["name"]!);
    }

    [Fact]
    public async Task A_deleted_organization_is_erased_in_the_background()
    {
        var (id, admin, _) = await CreateAsync();
        var name = (string)(await FindAsync(id))!["name"]!;

        var path = $"api/admin/organizations/{id}";
        Assert.Equal(400, (await fixture.Admin.DeleteAsync(path)).Status);
        Assert.Equal(400, (await fixture.Admin.DeleteAsync($"{path}?confirm=another")).Status);
        Assert.Equal(202, (await fixture.Admin.DeleteAsync($"{path}?confirm={Uri.EscapeDataString(name)}")).Status);

        Assert.Equal(401, (await admin.GetAsync("api/me")).Status);
        await Until.True(async () => await FindAsync(id) is null, "the organization is erased");
        Assert.Equal(404, (await fixture.Admin.DeleteAsync($"{path}?confirm={Uri.EscapeDataString(name)}")).Status);
    }

    [Fact]
    public async Task Of_two_requests_for_a_deletion_one_is_in_the_audit_log()
    {
        var (id, _, _) = await CreateAsync();
        var path = $"api/admin/organizations/{id}?confirm={Uri.EscapeDataString((string)(await FindAsync(id))!["name"]!)}";

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => fixture.Admin.DeleteAsync(path)));

        Assert.All(answers, answer => Assert.Contains(answer.Status, (int[])[202, 404]));
        Assert.Equal(1, await fixture.App.InDatabaseAsync(db => db.AuditEntries.CountAsync(
            e => e.Action == AuditActions.OrganizationDeleted && e.TargetId == $"{id}")));
    }

    [Fact]
    public async Task The_page_looks_for_the_progress_while_an_organization_is_erased()
    {
        await using var app = await App.StartAsync();
        using var admin = await app.SignInAsync();
        var tenant = await app.CreateTenantAsync();
        Assert.Contains("data-poll=\"\"", await ListAsync(), StringComparison.Ordinal);

        await app.InDatabaseAsync(db => db.Organizations.Where(o => o.Id == tenant.OrganizationId)
            .ExecuteUpdateAsync(set => set.SetProperty(o => o.State, OrganizationState.Deleting)));

        Assert.Contains("data-poll=\"/admin/organizations\"", await ListAsync(), StringComparison.Ordinal);

        async Task<string> ListAsync() =>
            (await admin.GetAsync("admin/organizations", ("Accept", "text/html"), ("X-Partial", "true"))).Text;
    }

    [Fact]
    public async Task A_system_administrator_sees_every_organizations_connections()
    {
        var tenant = await fixture.App.CreateTenantAsync();
        var pageId = await fixture.App.InDatabaseAsync(async db =>
        {
            var connection = Some.Connection(organizationId: tenant.OrganizationId);
            await db.SeedAsync(connection);
            return connection.PageId;
        });

        var connection = (await fixture.Admin.GetAsync("api/admin/connections?limit=200")).Json["items"]!.AsArray()
            .Single(c => (string)c!["pageId"]! == pageId)!;

        Assert.Equal((tenant.OrganizationId, "active"), ((long)connection["organization"]!["id"]!, (string)connection["state"]!));
        Assert.NotNull(connection["problems"]);
        Assert.Equal(403, (await tenant.Admin.Api.GetAsync("api/admin/connections")).Status);
    }

    [Fact]
    public async Task An_admin_sets_the_organizations_time_zone_and_language()
    {
        var tenant = await fixture.App.CreateTenantAsync();

        var saved = await tenant.Admin.Api.PutAsync("api/settings/organization", new { timeZone = "Asia/Tokyo", language = "ja" });

        Assert.Equal((200, "Asia/Tokyo"), (saved.Status, (string)saved.Json["timeZone"]!));
        Assert.Equal("ja", (string)(await tenant.Admin.Api.GetAsync("api/settings/organization")).Json["language"]!);
        var unknown = await tenant.Admin.Api.PutAsync("api/settings/organization", new { timeZone = "Moon", language = "ja" });
        Assert.Equal(400, unknown.Status);
        Assert.Equal(403, (await tenant.Agent.Api.GetAsync("api/settings/organization")).Status);
    }

    private async Task<(long Id, ApiClient Admin, string Email)> CreateAsync()
    {
        var email = $"first@{Some.Unique("new")}.example";
        var created = await fixture.Admin.PostAsync(
            "api/admin/organizations", new { name = Some.Unique("Organization"), adminEmail = email });
        Assert.Equal(201, created.Status);
        Assert.Equal((string)created.Json["inviteUrl"]!, (string)created.Json["invitation"]!["inviteUrl"]!);
        var token = ((string)created.Json["inviteUrl"]!).Split('/')[^1];
        var admin = fixture.App.Anonymous();
        var accepted = await admin.PostAsync("api/auth/invitations/accept", new { token, name = "First Admin", password = App.Password });
        admin.AccessToken = (string)accepted.Json["accessToken"]!;
        return ((long)created.Json["id"]!, admin, email);
    }

    private async Task<JsonNode?> FindAsync(long id) =>
        (await fixture.Admin.GetAsync("api/admin/organizations?limit=200")).Json["items"]!.AsArray()
            .SingleOrDefault(o => (long)o!["id"]! == id);

    private async Task<Answer> SignInAsync(string email)
    {
        using var client = fixture.App.Anonymous();
        return await client.PostAsync("api/auth/login", new { email, password = App.Password });
    }
}
