using System.Text.Json.Nodes;
using MetaMessaging.Domain.Audit;
using MetaMessaging.Domain.Organizations;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.WebUI.Tests;

public sealed class MemberTests(AppFixture fixture) : IAsyncLifetime
{
    private Tenant team = null!;

    public async ValueTask InitializeAsync() => team = await fixture.App.CreateTenantAsync("Team");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Every_member_and_a_key_that_reads_conversations_see_who_belongs_to_the_team_and_only_admins_their_addresses()
    {
        using var software = await SoftwareAsync("conversations:read");
        using var other = await SoftwareAsync("ops");

        var forAdmin = await MembersAsync(team.Admin.Api);
        var forAgent = await MembersAsync(team.Agent.Api);

        Assert.Equal(
            [team.Admin.UserId, team.Agent.UserId, team.Ops.UserId], forAdmin.Select(m => (long)m!["userId"]!).Order());
        var agent = forAdmin.Single(m => (long)m!["userId"]! == team.Agent.UserId)!;
        Assert.Equal(
            (team.Agent.Email, "agent", "active", false),
            ((string)agent["email"]!, (string)agent["roles"]!.AsArray().Single()!, (string)agent["state"]!, (bool)agent["twoFactor"]!));
        Assert.NotNull(agent["lastSeenAt"]);
        Assert.Equal(3, forAgent.Count);
        Assert.All(
            forAgent, m => Assert.True(m!["email"] is null && m["twoFactor"] is null && m["lastSeenAt"] is null && m["name"] is not null));
        Assert.Equal(3, (await MembersAsync(team.Ops.Api)).Count);
        Assert.All(await MembersAsync(software), m => Assert.Null(m!["email"]));
        Assert.Equal(403, (await other.GetAsync("api/members")).Status);
    }

    [Fact]
    public async Task New_roles_take_effect_with_the_next_call()
    {
        Assert.Equal(403, (await team.Agent.Api.GetAsync("api/ops/webhook-deliveries")).Status);

        var changed = await team.Admin.Api.PatchAsync($"api/members/{team.Agent.UserId}", new { roles = new[] { "ops", "agent" } });

        Assert.Equal((200, """["agent","ops"]"""), (changed.Status, changed.Json["roles"]!.ToJsonString()));
        Assert.Equal(200, (await team.Agent.Api.GetAsync("api/ops/webhook-deliveries")).Status);
        var entry = await EntryAsync(AuditActions.MemberChanged);
        Assert.Equal((team.Admin.UserId, $"{team.Agent.UserId}"), (entry.ActorId, entry.TargetId));
        Assert.Equal("""{"roles":[["agent"],["agent","ops"]]}""", entry.Changes);
    }

    [Fact]
    public async Task Roles_are_chosen_from_the_three_and_at_least_one()
    {
        var path = $"api/members/{team.Agent.UserId}";

        Assert.Equal(400, (await team.Admin.Api.PatchAsync(path, new { roles = Array.Empty<string>() })).Status);
        Assert.Equal(400, (await team.Admin.Api.PatchAsync(path, new { roles = new[] { "all" } })).Status);
        Assert.Equal(400, (await team.Admin.Api.PatchAsync(path, new { roles = new[] { "owner" } })).Status);
        Assert.Equal(400, (await team.Admin.Api.PatchAsync(path, new { state = "gone" })).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_is_deactivated_or_removed_is_signed_out_and_has_no_conversations(bool isRemoved)
    {
        var conversation = await ConversationAsync();
        using var software = await SoftwareAsync("conversations:read");
        var second = await fixture.App.CreateMemberAsync(
            team.OrganizationId, $"second@{Some.Unique("org")}.example", OrganizationRoles.Agent);
        Assert.Equal(200, (await second.Api.PatchAsync(
            $"api/conversations/{conversation}", new { assigneeId = team.Agent.UserId })).Status);

        var path = $"api/members/{team.Agent.UserId}";
        var answer = isRemoved
            ? await team.Admin.Api.DeleteAsync(path)
            : await team.Admin.Api.PatchAsync(path, new { state = "deactivated" });

        Assert.Equal(isRemoved ? 204 : 200, answer.Status);
        Assert.Equal(401, (await team.Agent.Api.GetAsync("api/me")).Status);
        Assert.Equal(401, (await team.Agent.Api.PostAsync("api/auth/refresh", new { refreshToken = team.Agent.Api.RefreshToken })).Status);
        Assert.Null((await second.Api.GetAsync($"api/conversations/{conversation}")).Json["assignee"]);
        Assert.Equal(
            404, (await second.Api.PatchAsync($"api/conversations/{conversation}", new { assigneeId = team.Agent.UserId })).Status);
        Assert.Equal(200, (await second.Api.GetAsync("api/me")).Status);
        Assert.Equal(200, (await software.GetAsync("api/conversations")).Status);
    }

    [Fact]
    public async Task A_member_who_is_removed_while_others_assign_conversations_keeps_none()
    {
        var conversation = await ConversationAsync();
        var second = await fixture.App.CreateMemberAsync(
            team.OrganizationId, $"second@{Some.Unique("org")}.example", OrganizationRoles.Agent);

        await Task.WhenAll(
            [team.Admin.Api.DeleteAsync($"api/members/{team.Agent.UserId}"), .. Enumerable.Range(0, 20).Select(_ => AssignAsync())]);

        Assert.Null((await second.Api.GetAsync($"api/conversations/{conversation}")).Json["assignee"]);

        Task<Answer> AssignAsync() =>
            second.Api.PatchAsync($"api/conversations/{conversation}", new { assigneeId = team.Agent.UserId });
    }

    [Fact]
    public async Task A_session_in_another_organization_goes_on()
    {
        var other = await fixture.App.CreateTenantAsync("Other");
        await fixture.App.InDatabaseAsync(db =>
        {
            db.Memberships.Add(new Membership(other.OrganizationId, team.Agent.UserId, OrganizationRoles.Agent));
            return db.SaveChangesAsync();
        });

        Assert.Equal(204, (await other.Admin.Api.DeleteAsync($"api/members/{team.Agent.UserId}")).Status);

        Assert.Equal(200, (await team.Agent.Api.GetAsync("api/me")).Status);
    }

    [Fact]
    public async Task The_last_admin_stays_an_active_admin()
    {
        var path = $"api/members/{team.Admin.UserId}";

        foreach (var answer in new[]
        {
            await team.Admin.Api.PatchAsync(path, new { roles = new[] { "agent" } }),
            await team.Admin.Api.PatchAsync(path, new { state = "deactivated" }),
            await team.Admin.Api.DeleteAsync(path),
        }) Assert.Equal((409, "last_admin"), (answer.Status, answer.Code));
        Assert.Equal(200, (await team.Admin.Api.GetAsync("api/api-keys")).Status);

        await team.Admin.Api.PatchAsync($"api/members/{team.Ops.UserId}", new { roles = new[] { "admin" } });
        Assert.Equal(200, (await team.Admin.Api.PatchAsync(path, new { roles = new[] { "agent" } })).Status);
        Assert.Equal(403, (await team.Admin.Api.GetAsync("api/api-keys")).Status);
    }

    [Fact]
    public async Task Of_two_admins_who_remove_each_other_at_once_one_remains()
    {
        await team.Admin.Api.PatchAsync($"api/members/{team.Ops.UserId}", new { roles = new[] { "admin" } });

        await Task.WhenAll(
            team.Admin.Api.DeleteAsync($"api/members/{team.Ops.UserId}"), team.Ops.Api.DeleteAsync($"api/members/{team.Admin.UserId}"));

        var left = await fixture.App.InDatabaseAsync(db =>
            db.Memberships.Where(m => m.OrganizationId == team.OrganizationId).ToListAsync());
        Assert.Single(left, m => m.IsActiveAdmin);
    }

    [Fact]
    public async Task Another_organizations_member_is_not_found()
    {
        var other = await fixture.App.CreateTenantAsync("Other");

        Assert.Equal(404, (await team.Admin.Api.PatchAsync($"api/members/{other.Agent.UserId}", new { state = "deactivated" })).Status);
        Assert.Equal(404, (await team.Admin.Api.DeleteAsync($"api/members/{other.Agent.UserId}")).Status);
        Assert.DoesNotContain(await MembersAsync(team.Admin.Api), m => (long)m!["userId"]! == other.Agent.UserId);
    }

    [Fact]
    public async Task A_key_says_who_made_it_when_that_person_has_left()
    {
        await team.Admin.Api.PatchAsync($"api/members/{team.Ops.UserId}", new { roles = new[] { "admin" } });
        using var software = await SoftwareAsync("conversations:read");

        Assert.Equal(204, (await team.Ops.Api.DeleteAsync($"api/members/{team.Admin.UserId}")).Status);

        var key = (await team.Ops.Api.GetAsync("api/api-keys")).Json["items"]!.AsArray().Single()!;
        Assert.Equal((team.Admin.UserId, "admin"), ((long)key["createdBy"]!["id"]!, (string)key["createdBy"]!["name"]!));
        Assert.Equal(200, (await software.GetAsync("api/conversations")).Status);
    }

    private static async Task<JsonArray> MembersAsync(ApiClient client) => (await client.GetAsync("api/members")).Json["items"]!.AsArray();

    private async Task<ApiClient> SoftwareAsync(string scope)
    {
        var created = await team.Admin.Api.PostAsync("api/api-keys", new { name = "Software", scopes = new[] { scope } });
        var client = fixture.App.Anonymous();
        client.AccessToken = (string)created.Json["key"]!;
        return client;
    }

    private Task<long> ConversationAsync() => fixture.App.InDatabaseAsync(async db =>
    {
        var conversation = Some.Conversation(organizationId: team.OrganizationId);
        await db.SeedAsync(conversation);
        return conversation.Id;
    });

    private Task<AuditEntry> EntryAsync(string action) => fixture.App.InDatabaseAsync(db =>
        db.AuditEntries.Where(e => e.OrganizationId == team.OrganizationId && e.Action == action).SingleAsync());
}
