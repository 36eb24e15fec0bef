using MetaMessaging.Domain.Audit;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Organizations;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.WebUI.Tests;

public sealed class InvitationTests(AppFixture fixture) : IAsyncLifetime
{
    private Tenant team = null!;

    public async ValueTask InitializeAsync() => team = await fixture.App.CreateTenantAsync("Team");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Who_accepts_an_invitation_is_a_member_with_its_roles_and_signed_in()
    {
        var email = Address();

        var invited = await InviteAsync(email, "agent", "ops");
        var listed = (await team.Admin.Api.GetAsync("api/members/invitations")).Json["items"]!.AsArray().Single()!.AsObject();
        using var person = await AcceptAsync(TokenOf(invited));

        Assert.Equal((201, email, """["agent","ops"]"""),
            (invited.Status, (string)invited.Json["email"]!, invited.Json["roles"]!.ToJsonString()));
        Assert.Equal(fixture.App.Address.ToString(), ((string)invited.Json["inviteUrl"]!)[..fixture.App.Address.ToString().Length]);
        Assert.Equal((email, false), ((string)listed["email"]!, listed.ContainsKey("inviteUrl")));
        var me = (await person.GetAsync("api/me")).Json;
        Assert.Equal((email, "Ada Byron", team.OrganizationId, """["agent","ops"]"""),
            ((string)me["email"]!, (string)me["name"]!, (long)me["organization"]!["id"]!, me["roles"]!.ToJsonString()));
        Assert.Empty((await team.Admin.Api.GetAsync("api/members/invitations")).Json["items"]!.AsArray());
        Assert.Equal(
            [AuditActions.MemberInvited, AuditActions.MemberJoined],
            await fixture.App.InDatabaseAsync(db => db.AuditEntries.Where(e => e.OrganizationId == team.OrganizationId)
                .Where(e => e.Action.StartsWith("member.")).OrderBy(e => e.Id).Select(e => e.Action).ToListAsync()));
    }

    [Fact]
    public async Task An_invitation_that_was_used_revoked_replaced_or_is_too_old_is_gone()
    {
        var used = TokenOf(await InviteAsync(Address()));
        (await AcceptAsync(used)).Dispose();
        var revoked = await InviteAsync(Address());
        Assert.Equal(204, (await team.Admin.Api.DeleteAsync($"api/members/invitations/{(long)revoked.Json["id"]!}")).Status);
        var email = Address();
        var replaced = TokenOf(await InviteAsync(email));
        await InviteAsync(email.ToUpperInvariant());
        var old = TokenOf(await InviteAsync(Address()));
        await fixture.App.InDatabaseAsync(db => db.Invitations.Where(i => i.TokenHash == SecretToken.HashOf(old))
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.ExpiresAt, fixture.App.Clock.Now)));

        foreach (var token in new[] { used, TokenOf(revoked), replaced, old, "rubbish" })
        {
            using var stranger = fixture.App.Anonymous();
            var answer = await TryAcceptAsync(stranger, token);
            Assert.Equal((410, "invitation_expired"), (answer.Status, answer.Code));
        }

        Assert.Equal(404, (await team.Admin.Api.DeleteAsync($"api/members/invitations/{(long)revoked.Json["id"]!}")).Status);
    }

    [Fact]
    public async Task A_person_with_an_account_signs_in_first_and_accepts_with_the_token_alone()
    {
        var other = await fixture.App.CreateTenantAsync("Other");
        var token = TokenOf(await InviteAsync(other.Agent.Email));
        using var stranger = fixture.App.Anonymous();

        var unknown = await TryAcceptAsync(stranger, token);
        var wrong = await other.Ops.Api.PostAsync("api/auth/invitations/accept", new { token });
        var accepted = await other.Agent.Api.PostAsync("api/auth/invitations/accept", new { token });

        Assert.Equal((409, "account_exists"), (unknown.Status, unknown.Code));
        Assert.Equal((409, "invitation_for_another_address"), (wrong.Status, wrong.Code));
        Assert.Equal(["accessToken", "expiresIn", "refreshToken", "tokenType"], accepted.Json.AsObject().Select(p => p.Key).Order());
        stranger.AccessToken = (string)accepted.Json["accessToken"]!;
        Assert.Equal(team.OrganizationId, (long)(await stranger.GetAsync("api/me")).Json["organization"]!["id"]!);
        Assert.Equal(other.OrganizationId, (long)(await other.Agent.Api.GetAsync("api/me")).Json["organization"]!["id"]!);
    }

    [Fact]
    public async Task The_page_behind_the_link_makes_the_account_and_signs_in()
    {
        var token = TokenOf(await InviteAsync(Address()));
        using var browser = fixture.App.Anonymous(cookies: true);
        var page = await browser.GetAsync($"invitations/{token}", ("Accept", "text/html"));
        Assert.Contains($"action=\"/invitations/{token}\"", page.Text, StringComparison.Ordinal);

        var accepted = await browser.PostFormAsync(
            $"invitations/{token}", ("Name", "Ada Byron"), ("Password", "a cup of blue coffee"),
            ("__RequestVerificationToken", page.AntiforgeryToken));

        Assert.Equal((302, "/"), (accepted.Status, accepted.Location));
        Assert.Equal("Ada Byron", (string)(await browser.GetAsync("api/me")).Json["name"]!);
        Assert.Equal(410, (await browser.GetAsync($"invitations/{token}", ("Accept", "text/html"))).Status);
    }

    [Fact]
    public async Task A_member_cannot_be_invited_again()
    {
        var answer = await InviteAsync(team.Agent.Email.ToUpperInvariant());

        Assert.Equal((409, "already_member"), (answer.Status, answer.Code));
        Assert.Equal(400, (await InviteAsync("no address")).Status);
        Assert.Equal(400, (await team.Admin.Api.PostAsync("api/members/invitations", new { email = Address() })).Status);
    }

    [Theory]
    [InlineData("miles.o'brien")]
    [InlineData("jürgen+inbox")]
    [InlineData("r&d_100%")]
    public async Task Whatever_address_can_be_invited_can_join(string name)
    {
        var email = $"{name}@{Some.Unique("team")}.example";

        using var person = await AcceptAsync(TokenOf(await InviteAsync($" {email} ")));

        Assert.Equal(email, (string)(await person.GetAsync("api/me")).Json["email"]!);
        using var later = await fixture.App.SignInAsync(email);
    }

    [Theory]
    [InlineData("a b@example.com")]
    [InlineData("a@example.com\r\nBcc: b@example.com")]
    [InlineData("Ada <a@example.com>")]
    [InlineData("<script>@example.com")]
    [InlineData("a@example.com\u202e")]
    [InlineData("a,b@example.com")]
    public async Task What_is_no_address_is_not_invited(string email)
    {
        Assert.Equal((400, true), await RefusalAsync(team.Admin.Api, "api/members/invitations", new { email, roles = new[] { "agent" } }));
        Assert.Equal((400, false), await RefusalAsync(
            fixture.Admin, "api/admin/organizations", new { name = "New", adminEmail = email }));

        static async Task<(int, bool)> RefusalAsync(ApiClient client, string path, object body)
        {
            var answer = await client.PostAsync(path, body);
            return (answer.Status, answer.Json["errors"]!.AsObject().ContainsKey("email"));
        }
    }

    [Fact]
    public async Task Who_is_deactivated_elsewhere_signs_in_to_accept_an_invitation()
    {
        var other = await fixture.App.CreateTenantAsync("Other");
        Assert.Equal(200, (await other.Admin.Api.PatchAsync($"api/members/{other.Agent.UserId}", new { state = "deactivated" })).Status);
        using var person = fixture.App.Anonymous();
        var credentials = new { email = other.Agent.Email, password = App.Password };
        Assert.Equal(401, (await person.PostAsync("api/auth/login", credentials)).Status);

        var token = TokenOf(await InviteAsync(other.Agent.Email.ToUpperInvariant()));
        person.AccessToken = (string)(await person.PostAsync("api/auth/login", credentials)).Json["accessToken"]!;

        Assert.Equal(403, (await person.GetAsync("api/conversations")).Status);
        Assert.Equal(200, (await person.PostAsync("api/auth/invitations/accept", new { token })).Status);
        Assert.Equal(team.OrganizationId, (long)(await person.GetAsync("api/me")).Json["organization"]!["id"]!);
        await team.Admin.Api.DeleteAsync($"api/members/{other.Agent.UserId}");
        Assert.Equal(401, (await person.GetAsync("api/me")).Status);
    }

    [Fact]
    public async Task A_password_that_is_too_short_leaves_the_invitation_open()
    {
        var token = TokenOf(await InviteAsync(Address()));
        using var person = fixture.App.Anonymous();

        var refused = await TryAcceptAsync(person, token, "short");

        Assert.Equal((400, true), (refused.Status, refused.Json["errors"]!.AsObject().ContainsKey("password")));
        (await AcceptAsync(token)).Dispose();
    }

    [Fact]
    public async Task Of_a_thousand_who_use_one_invitation_at_once_one_wins()
    {
        var email = Address();
        var token = TokenOf(await InviteAsync(email));
        var clients = Enumerable.Range(0, 20).Select(_ => fixture.App.Anonymous()).ToList();

        var statuses = (await Task.WhenAll(clients.Select(async client =>
        {
            var statuses = new List<int>();
            for (var i = 0; i < 50; i++) statuses.Add((await TryAcceptAsync(client, token)).Status);
            return statuses;
        }))).SelectMany(s => s).ToList();

        Assert.Equal((1, 999), (statuses.Count(s => s is 200), statuses.Count(s => s is 410)));
        Assert.Equal(4, await fixture.App.InDatabaseAsync(db => db.Memberships.CountAsync(m => m.OrganizationId == team.OrganizationId)));
        clients.ForEach(c => c.Dispose());
    }

    [Fact]
    public async Task A_session_works_in_the_organization_that_was_chosen_in_it()
    {
        var other = await fixture.App.CreateTenantAsync("Other");
        var token = TokenOf(await InviteAsync(other.Agent.Email, "ops"));
        Assert.Equal(200, (await other.Agent.Api.PostAsync("api/auth/invitations/accept", new { token })).Status);

        var switched = await other.Agent.Api.PostAsync("api/me/organization", new { organizationId = team.OrganizationId });

        Assert.Equal((200, """["ops"]"""), (switched.Status, switched.Json["roles"]!.ToJsonString()));
        var items = (await other.Agent.Api.GetAsync("api/me/organizations")).Json["items"]!.AsArray();
        Assert.Equal([team.OrganizationId], items.Where(o => (bool)o!["isCurrent"]!).Select(o => (long)o!["id"]!));
        Assert.Contains(items, o => (long)o!["id"]! == other.OrganizationId && o["roles"]!.ToJsonString() == """["agent"]""");
        Assert.Equal(200, (await other.Agent.Api.GetAsync("api/ops/webhook-deliveries")).Status);
        Assert.Equal(403, (await other.Agent.Api.GetAsync("api/conversations")).Status);
        var elsewhere = await other.Ops.Api.PostAsync("api/me/organization", new { organizationId = team.OrganizationId });
        Assert.Equal((404, "organization_not_found"), (elsewhere.Status, elsewhere.Code));
    }

    [Fact]
    public async Task A_system_administrators_visit_is_in_the_organizations_audit_log()
    {
        using var admin = await fixture.App.SignInAsync();

        var entered = await admin.PostAsync("api/me/organization", new { organizationId = team.OrganizationId });

        Assert.Equal((200, true), (entered.Status, (bool)entered.Json["isVisit"]!));
        Assert.Equal(team.OrganizationId, (long)(await admin.GetAsync("api/me")).Json["organization"]!["id"]!);
        var entry = await fixture.App.InDatabaseAsync(db => db.AuditEntries
            .SingleAsync(e => e.OrganizationId == team.OrganizationId && e.Action == AuditActions.OrganizationEntered));
        Assert.Equal(1, entry.ActorId);
    }

    private static string Address() => $"ada@{Some.Unique("invited")}.example";

    private static string TokenOf(Answer invited) => ((string)invited.Json["inviteUrl"]!).Split('/')[^1];

    private static Task<Answer> TryAcceptAsync(ApiClient client, string token, string password = App.Password) =>
        client.PostAsync("api/auth/invitations/accept", new { token, name = "Ada Byron", password });

    private async Task<ApiClient> AcceptAsync(string token)
    {
        var person = fixture.App.Anonymous();
        var accepted = await TryAcceptAsync(person, token);
        Assert.Equal(200, accepted.Status);
        person.AccessToken = (string)accepted.Json["accessToken"]!;
        return person;
    }

    private Task<Answer> InviteAsync(string email, params string[] roles) =>
        team.Admin.Api.PostAsync("api/members/invitations", new { email, roles = roles.Length > 0 ? roles : ["agent"] });
}
