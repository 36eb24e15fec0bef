using MetaMessaging.Domain.Organizations;
using MetaMessaging.Infrastructure.UserAccounts;
using MetaMessaging.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.WebUI.Tests;

public sealed class SignInTests(AppFixture fixture)
{
    [Fact]
    public async Task The_right_password_gets_tokens()
    {
        using var client = fixture.App.Anonymous();

        var answer = await client.PostAsync("api/auth/login", new { email = App.AdminEmail, password = App.Password });

        Assert.Equal(200, answer.Status);
        Assert.Equal(["accessToken", "expiresIn", "refreshToken", "tokenType"], answer.Json.AsObject().Select(p => p.Key).Order());
        Assert.Equal("Bearer", (string?)answer.Json["tokenType"]);
        Assert.True((int)answer.Json["expiresIn"]! > 0);
    }

    [Theory]
    [InlineData(App.AdminEmail, "wrong password")]
    [InlineData("nobody@example.com", App.Password)]
    public async Task A_wrong_password_and_an_unknown_address_get_the_same_401(string email, string password)
    {
        using var client = fixture.App.Anonymous();

        var answer = await client.PostAsync("api/auth/login", new { email, password });

        Assert.Equal((401, "unauthenticated", "application/problem+json"), (answer.Status, answer.Code, answer.ContentType));
    }

    [Fact]
    public async Task A_missing_address_or_password_is_malformed()
    {
        using var client = fixture.App.Anonymous();

        var answer = await client.PostAsync("api/auth/login", new { email = "" });

        Assert.Equal(400, answer.Status);
        Assert.Equal(["email", "password"], answer.Json["errors"]!.AsObject().Select(p => p.Key).Order());
    }

    [Fact]
    public async Task Only_a_refresh_token_can_be_exchanged_for_new_tokens()
    {
        using var client = await fixture.App.SignInAsync();

        var renewed = await client.PostAsync("api/auth/refresh", new { refreshToken = client.RefreshToken });
        var abused = await client.PostAsync("api/auth/refresh", new { refreshToken = client.AccessToken });

        Assert.Equal(200, renewed.Status);
        client.AccessToken = (string)renewed.Json["accessToken"]!;
        Assert.Equal(200, (await client.GetAsync("api/me")).Status);
        Assert.Equal(401, abused.Status);
        Assert.Equal(401, (await client.PostAsync("api/auth/refresh", new { refreshToken = "rubbish" })).Status);
        Assert.Equal(401, (await client.PostAsync("api/auth/refresh", new { })).Status);
        client.AccessToken = client.RefreshToken;
        Assert.Equal(401, (await client.GetAsync("api/me")).Status);
    }

    [Fact]
    public async Task After_five_failures_the_right_password_does_not_help_for_five_minutes()
    {
        await using var app = await App.StartAsync();
        using var client = app.Anonymous();
        for (var i = 0; i < 5; i++) Assert.Equal(401, (await LoginAsync(client, "wrong password")).Status);

        Assert.Equal(401, (await LoginAsync(client, App.Password)).Status);
        await PassAsync(TimeSpan.FromMinutes(4.5));
        Assert.Equal(401, (await LoginAsync(client, App.Password)).Status);
        await PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(200, (await LoginAsync(client, App.Password)).Status);

        // Identity reads the system's clock, which a test cannot move; so the end of the lock is moved into the past.
        async Task PassAsync(TimeSpan time) => await app.InDatabaseAsync(async db =>
        {
            var user = await db.Users.SingleAsync();
            user.LockoutEnd -= time;
            return await db.SaveChangesAsync();
        });
    }

    [Fact]
    public async Task A_refresh_token_that_is_used_twice_ends_its_whole_session()
    {
        using var client = await fixture.App.SignInAsync();
        using var other = await fixture.App.SignInAsync();
        var renewed = (await client.PostAsync("api/auth/refresh", new { refreshToken = client.RefreshToken })).Json;

        Assert.Equal(401, (await client.PostAsync("api/auth/refresh", new { refreshToken = client.RefreshToken })).Status);

        Assert.Equal(401, (await client.PostAsync("api/auth/refresh", new { refreshToken = (string)renewed["refreshToken"]! })).Status);
        Assert.Equal(401, (await client.GetAsync("api/me")).Status);
        Assert.Equal(200, (await other.GetAsync("api/me")).Status);
    }

    [Fact]
    public async Task After_signing_out_no_token_of_the_session_works()
    {
        using var client = await fixture.App.SignInAsync();

        Assert.Equal(204, (await client.PostAsync("api/auth/logout")).Status);

        Assert.Equal(401, (await client.GetAsync("api/me")).Status);
        Assert.Equal(401, (await client.PostAsync("api/auth/refresh", new { refreshToken = client.RefreshToken })).Status);
    }

    [Fact]
    public async Task After_signing_out_a_copy_of_the_cookie_is_worthless()
    {
        using var browser = fixture.App.Anonymous(cookies: true);
        await SignInToPagesAsync(browser);
        var copy = ("Cookie", browser.Cookies.GetCookieHeader(fixture.App.Address));
        using var thief = fixture.App.Anonymous();
        Assert.Equal(200, (await thief.GetAsync("api/me", copy)).Status);

        var page = await browser.GetAsync("inbox", ("Accept", "text/html"));
        Assert.Equal(302, (await browser.PostFormAsync("account/logout", ("__RequestVerificationToken", page.AntiforgeryToken))).Status);

        Assert.Equal(401, (await thief.GetAsync("api/me", copy)).Status);
    }

    [Fact]
    public async Task An_address_with_too_many_failures_has_to_wait_whatever_the_account()
    {
        await using var app = await App.StartAsync();
        using var client = app.Anonymous();
        for (var i = 0; i < 30; i++)
            Assert.Equal(401, (await LoginAsync(client, "wrong", $"user{i}@example.com")).Status);

        var limited = await LoginAsync(client, App.Password);

        Assert.Equal((429, "too_many_requests", "300"), (limited.Status, limited.Code, limited.Headers["Retry-After"]));
        using var browser = app.Anonymous(cookies: true);
        var page = await SignInToPagesAsync(browser);
        Assert.Equal(200, page.Status);
        Assert.Contains("Too many sign-ins from your address have failed", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_locked_account_and_an_unknown_one_cost_the_same_password_check()
    {
        var hasher = new CountingHasher();
        await using var app = await App.StartAsync(services: services => services.AddSingleton<IPasswordHasher<AppUser>>(hasher));
        using var client = app.Anonymous();
        for (var i = 0; i < 5; i++) await LoginAsync(client, "wrong password");

        Assert.Equal(1, await ChecksOfAsync(App.AdminEmail));
        Assert.Equal(1, await ChecksOfAsync("nobody@example.com"));

        async Task<int> ChecksOfAsync(string email)
        {
            var before = hasher.Calls;
            await client.PostAsync("api/auth/login", new { email, password = "wrong password" });
            return hasher.Calls - before;
        }
    }

    [Fact]
    public async Task Of_guesses_that_are_sent_at_once_five_are_checked()
    {
        var hasher = new CountingHasher();
        await using var app = await App.StartAsync(services: services => services.AddSingleton<IPasswordHasher<AppUser>>(hasher));
        using var client = app.Anonymous();
        var before = hasher.Verified;

        await Task.WhenAll(Enumerable.Range(0, 25).Select(i => LoginAsync(client, $"guess {i}")));

        Assert.Equal(5, hasher.Verified - before);
        Assert.Equal(401, (await LoginAsync(client, App.Password)).Status);
    }

    [Theory]
    [InlineData("/contacts?q=M%C3%BCller", "/contacts?q=M%C3%BCller")]
    [InlineData("/contacts?q=Müller", "/")]
    [InlineData("//evil.example", "/")]
    [InlineData("/account/logout", "/")]
    public async Task A_sign_in_leads_to_an_address_of_this_app(string returnUrl, string location)
    {
        using var browser = fixture.App.Anonymous(cookies: true);
        var page = await browser.GetAsync("account/login", ("Accept", "text/html"));

        var signedIn = await browser.PostFormAsync(
            "account/login", ("Email", App.AdminEmail), ("Password", App.Password), ("ReturnUrl", returnUrl),
            ("__RequestVerificationToken", page.AntiforgeryToken));

        Assert.Equal((302, location), (signedIn.Status, signedIn.Location));
    }

    [Fact]
    public async Task An_access_token_expires_after_an_hour()
    {
        await using var app = await App.StartAsync();
        using var client = await app.SignInAsync();

        app.Clock.Advance(TimeSpan.FromMinutes(61));

        Assert.Equal(401, (await client.GetAsync("api/me")).Status);
        Assert.Equal(200, (await client.PostAsync("api/auth/refresh", new { refreshToken = client.RefreshToken })).Status);
    }

    [Fact]
    public async Task Me_is_as_the_contract_says()
    {
        var me = (await fixture.Admin.GetAsync("api/me")).Json;

        Assert.Equal(["email", "id", "name", "organization", "roles", "systemAdmin"], me.AsObject().Select(p => p.Key).Order());
        Assert.True((bool)me["systemAdmin"]!);
        Assert.Equal("My organization", (string)me["organization"]!["name"]!);
        Assert.Equal(["admin", "agent", "ops"], me["roles"]!.AsArray().Select(r => (string)r!));
        Assert.Equal(System.Text.Json.JsonValueKind.Number, me["id"]!.GetValueKind());
    }

    [Fact]
    public async Task A_removed_role_takes_effect_at_once()
    {
        var tenant = await fixture.App.CreateTenantAsync();
        Assert.Equal(200, (await tenant.Agent.Api.GetAsync("api/conversations")).Status);

        await fixture.App.InDatabaseAsync(db => db.Memberships
            .Where(m => m.UserId == tenant.Agent.UserId)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.Roles, OrganizationRoles.Ops)));

        Assert.Equal(403, (await tenant.Agent.Api.GetAsync("api/conversations")).Status);
    }

    [Fact]
    public async Task Without_bootstrap_settings_the_app_starts_without_users()
    {
        await using var app = await App.StartAsync(bootstrap: false);
        using var client = app.Anonymous();

        Assert.Equal(401, (await LoginAsync(client, App.Password)).Status);
        Assert.Equal(200, (await client.GetAsync("health/ready")).Status);
        var start = await client.GetAsync("", ("Accept", "text/html"));
        Assert.Equal((302, "/setup"), (start.Status, start.Location is { } to ? new Uri(app.Address, to).AbsolutePath : null));
    }

    [Fact]
    public async Task Of_two_first_visits_at_once_one_becomes_the_administrator_and_the_other_is_told_so()
    {
        await using var app = await App.StartAsync(bootstrap: false);

        var answers = await Task.WhenAll(SetUpAsync(app, "first@example.com"), SetUpAsync(app, "second@example.com"));

        Assert.Equal([200, 302], answers.Select(a => a.Status).Order());
        Assert.Contains("already set up", answers.Single(a => a.Status is 200).Text, StringComparison.Ordinal);
        Assert.Equal((1, 1, 1), await app.InDatabaseAsync(async db =>
            (await db.Users.CountAsync(), await db.Organizations.CountAsync(), await db.Memberships.CountAsync())));
    }

    [Fact]
    public async Task Bootstrap_creates_the_organization_that_it_names()
    {
        await using var app = await App.StartAsync(settings: new Dictionary<string, string?> { ["Bootstrap:Organization"] = "The first" });
        using var client = await app.SignInAsync();

        Assert.Equal("The first", (string)(await client.GetAsync("api/me")).Json["organization"]!["name"]!);
        Assert.Equal(1, await app.InDatabaseAsync(db => db.Users.CountAsync()));
    }

    private static async Task<Answer> SetUpAsync(App app, string email)
    {
        using var browser = app.Anonymous(cookies: true);
        var form = await browser.GetAsync("setup", ("Accept", "text/html"));
        return await browser.PostFormAsync(
            "setup", ("Organization", "Mine"), ("Name", "Me"), ("Email", email), ("Password", "long enough password"),
            ("__RequestVerificationToken", form.AntiforgeryToken));
    }

    private static Task<Answer> LoginAsync(ApiClient client, string password, string email = App.AdminEmail) =>
        client.PostAsync("api/auth/login", new { email, password });

    private static async Task<Answer> SignInToPagesAsync(ApiClient browser)
    {
        var form = await browser.GetAsync("account/login", ("Accept", "text/html"));
        return await browser.PostFormAsync(
            "account/login",
            ("Email", App.AdminEmail), ("Password", App.Password), ("__RequestVerificationToken", form.AntiforgeryToken));
    }

    private sealed class CountingHasher : PasswordHasher<AppUser>
    {
        private int verified;

        public int Calls { get; private set; }

        public int Verified => verified;

        public override string HashPassword(AppUser user, string password)
        {
            Calls++;
            return base.HashPassword(user, password);
        }

        public override PasswordVerificationResult VerifyHashedPassword(AppUser user, string hashedPassword, string providedPassword)
        {
            Calls++;
            Interlocked.Increment(ref verified);
            return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
