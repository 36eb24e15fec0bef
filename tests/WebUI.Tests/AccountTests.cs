using System.Text.Json.Nodes;
using MetaMessaging.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpNet;

namespace MetaMessaging.WebUI.Tests;

/// <summary>What people do with their own account: password, profile, sessions and second factor.</summary>
public sealed class AccountTests(AppFixture fixture)
{
    private const string NewPassword = "seven quiet rivers";

    [Fact]
    public async Task A_new_password_ends_the_other_sessions_and_keeps_this_one()
    {
        var agent = (await fixture.App.CreateTenantAsync()).Agent;
        using var other = await fixture.App.SignInAsync(agent.Email);

        var changed = await agent.Api.PostAsync("api/me/password", new { currentPassword = App.Password, newPassword = NewPassword });

        Assert.Equal(204, changed.Status);
        Assert.Equal(200, (await agent.Api.GetAsync("api/me")).Status);
        Assert.Equal(200, (await agent.Api.PostAsync("api/auth/refresh", new { refreshToken = agent.Api.RefreshToken })).Status);
        Assert.Equal(401, (await other.GetAsync("api/me")).Status);
        Assert.Equal(401, (await other.PostAsync("api/auth/refresh", new { refreshToken = other.RefreshToken })).Status);
        Assert.Equal(401, (await LoginAsync(agent.Email, App.Password)).Status);
        Assert.Equal(200, (await LoginAsync(agent.Email, NewPassword)).Status);
    }

    [Theory]
    [InlineData("wrong password", NewPassword, "currentPassword")]
    [InlineData(App.Password, "short", "newPassword")]
    [InlineData(App.Password, "Manchester1", "newPassword")]
    public async Task A_password_is_not_changed_without_the_current_one_or_to_one_that_is_guessed_first(
        string currentPassword, string newPassword, string field)
    {
        var agent = (await fixture.App.CreateTenantAsync()).Agent;

        var refused = await agent.Api.PostAsync("api/me/password", new { currentPassword, newPassword });

        Assert.Equal((400, "validation_failed"), (refused.Status, refused.Code));
        Assert.Equal([field], refused.Json["errors"]!.AsObject().Select(e => e.Key));
        Assert.Equal(200, (await LoginAsync(agent.Email, App.Password)).Status);
    }

    [Fact]
    public async Task A_profile_keeps_what_is_absent_and_refuses_what_does_not_exist()
    {
        var agent = (await fixture.App.CreateTenantAsync()).Agent;

        Assert.Equal(200, (await agent.Api.PatchAsync("api/me", new { name = "Ada", timeZone = "Europe/Berlin", language = "de" })).Status);
        var renamed = (await agent.Api.PatchAsync("api/me", new { name = "Ada Byron" })).Json;
        var refused = await agent.Api.PatchAsync("api/me", new { name = " ", timeZone = "Europe/Atlantis", language = "xx-YY" });

        Assert.Equal(
            ("Ada Byron", "Europe/Berlin", "de"), ((string?)renamed["name"], (string?)renamed["timeZone"], (string?)renamed["language"]));
        Assert.Equal("Ada Byron", (string?)(await agent.Api.GetAsync("api/me")).Json["name"]);
        Assert.Equal(["language", "name", "timeZone"], refused.Json["errors"]!.AsObject().Select(e => e.Key).Order());
    }

    [Fact]
    public async Task Pages_show_times_in_the_zone_that_the_person_has_chosen_or_else_the_organization()
    {
        var tenant = await fixture.App.CreateTenantAsync();
        Assert.Contains("data-time-zone=\"\"", await HeadOfPageAsync(), StringComparison.Ordinal);

        await tenant.Admin.Api.PutAsync("api/settings/organization", new { timeZone = "Europe/Vienna", language = "de-AT" });
        Assert.Contains("data-time-zone=\"Europe/Vienna\" data-language=\"de-AT\"", await HeadOfPageAsync(), StringComparison.Ordinal);

        await tenant.Agent.Api.PatchAsync("api/me", new { timeZone = "Asia/Tokyo" });
        Assert.Contains("data-time-zone=\"Asia/Tokyo\" data-language=\"de-AT\"", await HeadOfPageAsync(), StringComparison.Ordinal);

        await tenant.Agent.Api.PatchAsync("api/me", new { timeZone = "" });
        await tenant.Admin.Api.PutAsync("api/settings/organization", new { timeZone = "", language = "" });
        Assert.Contains("data-time-zone=\"\"", await HeadOfPageAsync(), StringComparison.Ordinal);

        async Task<string> HeadOfPageAsync() =>
            (await tenant.Agent.Api.GetAsync("inbox", ("Accept", "text/html"))).Text.Split("</head>")[0];
    }

    [Fact]
    public async Task Sessions_are_listed_and_ended_by_their_owner_alone()
    {
        var tenant = await fixture.App.CreateTenantAsync();
        using var phone = await fixture.App.SignInAsync(tenant.Agent.Email);
        using var tablet = await fixture.App.SignInAsync(tenant.Agent.Email);
        var sessions = await SessionsAsync(tenant.Agent.Api);
        var phoneId = (long)(await SessionsAsync(phone)).Single(s => (bool)s!["current"]!)!["id"]!;

        Assert.Equal(3, sessions.Count);
        Assert.Equal(
            ["address", "current", "device", "id", "lastSeenAt", "startedAt"], sessions[0]!.AsObject().Select(p => p.Key).Order());
        Assert.Equal("127.0.0.1", (string?)sessions[0]!["address"]);
        Assert.Equal("session_not_found", (await tenant.Admin.Api.DeleteAsync($"api/me/sessions/{phoneId}")).Code);
        Assert.Equal(204, (await tenant.Agent.Api.DeleteAsync($"api/me/sessions/{phoneId}")).Status);
        Assert.Equal(401, (await phone.GetAsync("api/me")).Status);
        Assert.Equal(204, (await tablet.DeleteAsync("api/me/sessions")).Status);
        Assert.Equal(401, (await tenant.Agent.Api.GetAsync("api/me")).Status);
        Assert.Single(await SessionsAsync(tablet));
    }

    [Fact]
    public async Task Of_a_thousand_uses_of_one_link_for_a_new_password_one_wins()
    {
        var tenant = await fixture.App.CreateTenantAsync();
        var created = await tenant.Admin.Api.PostAsync($"api/members/{tenant.Agent.UserId}/password-reset");
        var token = new Uri((string)created.Json["resetUrl"]!).Segments[^1];
        using var client = fixture.App.Anonymous();

        var uses = await Task.WhenAll(Enumerable.Range(0, 1000).Select(
            i => client.PostAsync("api/auth/reset-password", new { token, password = $"the password of use {i}" })));

        Assert.Equal(201, created.Status);
        Assert.Single(uses, use => use.Status is 204);
        Assert.All(
            uses.Where(use => use.Status is not 204),
            use => Assert.Contains(use.Code, (string[])["reset_link_expired", "changed_meanwhile"]));
        var winner = Array.FindIndex(uses, use => use.Status is 204);
        Assert.Equal(200, (await LoginAsync(tenant.Agent.Email, $"the password of use {winner}")).Status);
        Assert.Equal(401, (await tenant.Agent.Api.GetAsync("api/me")).Status);
        Assert.Equal(401, (await client.PostAsync("api/auth/refresh", new { refreshToken = tenant.Agent.Api.RefreshToken })).Status);
    }

    [Fact]
    public async Task An_admin_makes_no_link_for_an_account_that_opens_more_than_the_organization()
    {
        var (tenant, other) = (await fixture.App.CreateTenantAsync(), await fixture.App.CreateTenantAsync());
        await fixture.App.InDatabaseAsync(async db =>
        {
            db.Memberships.Add(new(other.OrganizationId, tenant.Agent.UserId, Domain.Organizations.OrganizationRoles.Agent));
            return await db.SaveChangesAsync();
        });

        Assert.Equal((403, "password_reset_not_allowed"), StatusOf(await ResetAsync(tenant.Admin, tenant.Agent)));
        Assert.Equal((404, "member_not_found"), StatusOf(await ResetAsync(tenant.Admin, other.Admin)));
        Assert.Equal((403, "forbidden"), StatusOf(await ResetAsync(tenant.Agent, tenant.Agent)));

        static Task<Answer> ResetAsync(Member by, Member member) => by.Api.PostAsync($"api/members/{member.UserId}/password-reset");
    }

    [Fact]
    public async Task A_forgotten_password_is_chosen_anew_by_a_mailed_link_and_the_answer_tells_nothing()
    {
        await using var server = new MailServer();
        await using var app = await App.StartAsync(settings: server.Settings);
        using var browser = app.Anonymous(cookies: true);

        Assert.Equal(202, (await browser.PostAsync("api/auth/forgot-password", new { email = "nobody@example.com" })).Status);
        Assert.Equal(202, (await browser.PostAsync("api/auth/forgot-password", new { email = App.AdminEmail })).Status);
        await Until.True(() => !server.Received.IsEmpty, "the mail arrived");

        var mail = Assert.Single(server.Received);
        var link = new Uri(mail.TextBody!.Split('\n').Single(line => line.StartsWith("http", StringComparison.Ordinal)).Trim());
        Assert.Equal(App.AdminEmail, mail.To.Mailboxes.Single().Address);
        var page = await browser.GetAsync(link.AbsolutePath[1..], ("Accept", "text/html"));
        var saved = await browser.PostFormAsync(
            link.AbsolutePath[1..], ("Password", NewPassword), ("__RequestVerificationToken", page.AntiforgeryToken));
        Assert.Equal((302, "/account/login?passwordChanged=True"), (saved.Status, saved.Location));
        Assert.Equal(410, (await browser.GetAsync(link.AbsolutePath[1..], ("Accept", "text/html"))).Status);
        using var client = await app.SignInAsync(App.AdminEmail, NewPassword);
    }

    [Fact]
    public async Task A_link_for_a_new_password_works_for_an_hour()
    {
        // Identity reads the system's clock, which a test cannot move.
        await using var app = await App.StartAsync(services: services =>
            services.PostConfigure<DataProtectionTokenProviderOptions>(tokens => tokens.TokenLifespan = TimeSpan.FromTicks(-1)));
        using var admin = await app.SignInAsync();
        var me = (long)(await admin.GetAsync("api/me")).Json["id"]!;
        var token = new Uri((string)(await admin.PostAsync($"api/members/{me}/password-reset")).Json["resetUrl"]!).Segments[^1];

        Assert.Equal(
            (410, "reset_link_expired"), StatusOf(await admin.PostAsync("api/auth/reset-password", new { token, password = NewPassword })));
        Assert.Equal(410, (await admin.PostAsync("api/auth/reset-password", new { token = "1.AAAA", password = NewPassword })).Status);
    }

    [Fact]
    public async Task With_a_second_factor_a_password_is_not_enough_and_each_code_works_once()
    {
        await using var app = await App.StartAsync();   // failures count for the client's address
        var agent = (await app.CreateTenantAsync()).Agent;
        var key = await EnableTwoFactorAsync(agent.Api);
        using var client = app.Anonymous();
        var recovery = key.RecoveryCodes[0];

        var login = await client.PostAsync("api/auth/login", new { email = agent.Email, password = App.Password });
        var token = (string)login.Json["twoFactorToken"]!;
        var code = CodeAt(key.SharedKey, 1);
        Task<Answer> ConfirmAsync(string value) =>
            client.PostAsync("api/auth/login/two-factor", new { twoFactorToken = token, code = value });

        Assert.Equal((401, "two_factor_required"), StatusOf(login));
        Assert.Equal(401, (await ConfirmAsync("000000")).Status);
        Assert.Equal(200, (await ConfirmAsync(code)).Status);
        Assert.Equal(401, (await ConfirmAsync(code)).Status);
        Assert.Equal(200, (await ConfirmAsync(recovery)).Status);
        Assert.Equal(401, (await ConfirmAsync(recovery)).Status);
        Assert.Equal(401, (await client.PostAsync("api/auth/login/two-factor", new { twoFactorToken = "rubbish", code })).Status);

        Assert.Equal(204, (await agent.Api.DeleteAsync("api/me/two-factor")).Status);
        Assert.Equal(200, (await client.PostAsync("api/auth/login", new { email = agent.Email, password = App.Password })).Status);
        Assert.Equal(401, (await ConfirmAsync(key.RecoveryCodes[1])).Status);
    }

    [Fact]
    public async Task New_recovery_codes_replace_the_earlier_ones()
    {
        await using var app = await App.StartAsync();
        var agent = (await app.CreateTenantAsync()).Agent;
        using var client = app.Anonymous();
        var none = await agent.Api.PostAsync("api/me/two-factor/recovery-codes");
        Assert.Equal(204, (await agent.Api.DeleteAsync("api/me/two-factor")).Status);
        var key = await EnableTwoFactorAsync(agent.Api);

        var again = await agent.Api.PostAsync("api/me/two-factor/confirm", new { code = CodeAt(key.SharedKey, 1) });
        var renewed = (await agent.Api.PostAsync("api/me/two-factor/recovery-codes")).Json["recoveryCodes"]!.AsArray();

        Assert.Equal((409, "two_factor_not_enabled"), StatusOf(none));
        Assert.Equal((409, "two_factor_enabled"), StatusOf(again));
        Assert.Equal(10, renewed.Count);
        var login = await client.PostAsync("api/auth/login", new { email = agent.Email, password = App.Password });
        var twoFactorToken = (string)login.Json["twoFactorToken"]!;
        Assert.Equal(401, await UseAsync(key.RecoveryCodes[0]));
        Assert.Equal(200, await UseAsync((string)renewed[0]!));
        Assert.Equal(
            ["twoFactor.enabled", "twoFactor.recoveryCodesRenewed"], await app.InDatabaseAsync(db => db.AuditEntries
                .Where(e => e.Action.StartsWith("twoFactor.")).OrderBy(e => e.Id).Select(e => e.Action).ToListAsync()));

        async Task<int> UseAsync(string code) =>
            (await client.PostAsync("api/auth/login/two-factor", new { twoFactorToken, code })).Status;
    }

    [Fact]
    public async Task Of_parallel_uses_of_one_code_one_wins()
    {
        await using var app = await App.StartAsync();
        var agent = (await app.CreateTenantAsync()).Agent;
        using var client = app.Anonymous();
        var key = await EnableTwoFactorAsync(agent.Api);
        var login = await client.PostAsync("api/auth/login", new { email = agent.Email, password = App.Password });
        var token = (string)login.Json["twoFactorToken"]!;
        var code = CodeAt(key.SharedKey, 1);

        var uses = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            _ => client.PostAsync("api/auth/login/two-factor", new { twoFactorToken = token, code })));

        Assert.Single(uses, use => use.Status is 200);
        Assert.All(uses, use => Assert.Contains(use.Status, (int[])[200, 401, 429]));
    }

    [Fact]
    public async Task Wrong_codes_lock_the_account_however_often_the_password_is_right()
    {
        await using var app = await App.StartAsync();
        using var admin = await app.SignInAsync();
        var key = await EnableTwoFactorAsync(admin);
        using var client = app.Anonymous();
        for (var i = 0; i < 5; i++)
        {
            var login = await client.PostAsync("api/auth/login", new { email = App.AdminEmail, password = App.Password });
            var twoFactorToken = (string)login.Json["twoFactorToken"]!;
            Assert.Equal(401, (await client.PostAsync("api/auth/login/two-factor", new { twoFactorToken, code = "000000" })).Status);
        }

        var locked = await client.PostAsync("api/auth/login", new { email = App.AdminEmail, password = App.Password });

        Assert.Equal((401, "unauthenticated"), StatusOf(locked));
        Assert.NotEmpty(key.SharedKey);
    }

    [Fact]
    public async Task A_token_of_the_first_step_is_valid_for_five_minutes()
    {
        await using var app = await App.StartAsync();
        using var admin = await app.SignInAsync();
        var key = await EnableTwoFactorAsync(admin, app.Clock);
        using var client = app.Anonymous();
        var login = await client.PostAsync("api/auth/login", new { email = App.AdminEmail, password = App.Password });
        var twoFactorToken = (string)login.Json["twoFactorToken"]!;

        app.Clock.Advance(TimeSpan.FromMinutes(5));

        var code = CodeAt(key.SharedKey, 0, app.Clock);
        Assert.Equal(401, (await client.PostAsync("api/auth/login/two-factor", new { twoFactorToken, code })).Status);
    }

    [Fact]
    public async Task Where_a_second_factor_is_required_nothing_else_works_before_it_is_set_up()
    {
        var tenant = await fixture.App.CreateTenantAsync();
        var saved = await tenant.Admin.Api.PutAsync("api/settings/security", new { requireTwoFactor = true, sessionHours = 24 });
        using var browser = fixture.App.Anonymous(cookies: true);
        await browser.SignInByFormAsync(tenant.Agent.Email, App.Password);

        Assert.Equal(200, saved.Status);
        Assert.Equal((403, "two_factor_setup_required"), StatusOf(await tenant.Agent.Api.GetAsync("api/conversations")));
        Assert.Equal((403, "two_factor_setup_required"), StatusOf(await tenant.Admin.Api.GetAsync("api/settings/security")));
        Assert.Equal(200, (await tenant.Agent.Api.GetAsync("api/me")).Status);
        var page = await browser.GetAsync("inbox", ("Accept", "text/html"));
        Assert.Equal((302, "/settings/security"), (page.Status, page.Location));

        await EnableTwoFactorAsync(tenant.Agent.Api);

        Assert.Equal(200, (await tenant.Agent.Api.GetAsync("api/conversations")).Status);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2161)]
    public async Task Sessions_last_between_an_hour_and_ninety_days(int sessionHours)
    {
        var tenant = await fixture.App.CreateTenantAsync();

        var refused = await tenant.Admin.Api.PutAsync("api/settings/security", new { requireTwoFactor = false, sessionHours });

        Assert.Equal((400, "validation_failed"), StatusOf(refused));
        Assert.Equal(403, (await tenant.Agent.Api.GetAsync("api/settings/security")).Status);
        var kept = (await tenant.Admin.Api.GetAsync("api/settings/security")).Json;
        Assert.Equal((false, 336), ((bool)kept["requireTwoFactor"]!, (int)kept["sessionHours"]!));
    }

    private static (int Status, string? Code) StatusOf(Answer answer) => (answer.Status, answer.Code);

    private static async Task<JsonArray> SessionsAsync(ApiClient api) => (await api.GetAsync("api/me/sessions")).Json["items"]!.AsArray();

    private static string CodeAt(string sharedKey, int step, ShiftedClock? clock = null) =>
        new Totp(Base32Encoding.ToBytes(sharedKey)).ComputeTotp((clock?.Now ?? DateTimeOffset.UtcNow).UtcDateTime.AddSeconds(30 * step));

    private static async Task<(string SharedKey, string[] RecoveryCodes)> EnableTwoFactorAsync(ApiClient api, ShiftedClock? clock = null)
    {
        var sharedKey = (string)(await api.PostAsync("api/me/two-factor")).Json["sharedKey"]!;
        var confirmed = await api.PostAsync("api/me/two-factor/confirm", new { code = CodeAt(sharedKey, 0, clock) });
        return (sharedKey, [.. confirmed.Json["recoveryCodes"]!.AsArray().Select(code => (string)code!)]);
    }

    private async Task<Answer> LoginAsync(string email, string password)
    {
        using var client = fixture.App.Anonymous();
        return await client.PostAsync("api/auth/login", new { email, password });
    }
}
