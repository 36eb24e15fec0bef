using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.WebUI.Tests;

/// <summary>Sign-in through an OpenID Connect provider that System Config names.</summary>
public sealed class OpenIdTests
{
    [Fact]
    public async Task A_provider_signs_people_in_as_soon_as_it_is_saved_and_until_it_is_switched_off()
    {
        await using var provider = await OpenIdProvider.StartAsync();
        await using var app = await App.StartAsync();
        using var admin = await app.SignInAsync();
        var organizationId = (long)(await admin.GetAsync("api/me")).Json["organization"]!["id"]!;
        using var before = app.Anonymous(cookies: true);
        Assert.Equal(404, (await before.GetAsync("account/openid", ("Accept", "text/html"))).Status);

        var saved = await SaveAsync(admin, provider, organizationId, ["agent", "ops"]);
        using var newcomer = app.Anonymous(cookies: true);
        var page = await newcomer.GetAsync("account/login", ("Accept", "text/html"));
        var arrival = await SignInAsync(newcomer);

        Assert.Contains("Continue with The company", page.Text, StringComparison.Ordinal);
        Assert.True((bool)saved.Json["hasOpenIdClientSecret"]!);
        Assert.DoesNotContain(OpenIdProvider.ClientSecret, saved.Text, StringComparison.Ordinal);
        Assert.Equal((302, "/"), (arrival.Status, arrival.Location));
        var me = (await newcomer.GetAsync("api/me")).Json;
        Assert.Equal(("person@example.com", organizationId), ((string?)me["email"], (long)me["organization"]!["id"]!));
        Assert.Equal(["agent", "ops"], me["roles"]!.AsArray().Select(role => (string?)role));

        // The same person again, with another address at the provider: the account stays the same.
        provider.Email = "renamed@example.com";
        using var again = app.Anonymous(cookies: true);
        await SignInAsync(again);
        Assert.Equal((long)me["id"]!, (long)(await again.GetAsync("api/me")).Json["id"]!);

        await admin.PutAsync("api/admin/system-config", Config(openIdAuthority: ""));
        Assert.Equal(404, (await newcomer.GetAsync("account/openid", ("Accept", "text/html"))).Status);
        using var local = await app.SignInAsync();
    }

    [Fact]
    public async Task An_account_is_found_by_its_address_only_when_the_provider_has_verified_it()
    {
        await using var provider = await OpenIdProvider.StartAsync();
        await using var app = await App.StartAsync();
        using var admin = await app.SignInAsync();
        await SaveAsync(admin, provider, organizationId: null, roles: []);
        using var browser = app.Anonymous(cookies: true);

        (provider.Email, provider.EmailVerified) = (App.AdminEmail, false);
        var unverified = await SignInAsync(browser);
        (provider.Email, provider.EmailVerified) = ("stranger@example.com", true);
        var stranger = await SignInAsync(browser);
        provider.Email = App.AdminEmail;
        var known = await SignInAsync(browser);

        Assert.Equal("/account/login?refusal=openid_account", unverified.Location);
        Assert.Equal("/account/login?refusal=openid_account", stranger.Location);
        Assert.Equal("/", known.Location);
        Assert.Equal(App.AdminEmail, (string?)(await browser.GetAsync("api/me")).Json["email"]);
        Assert.Equal(1, await app.InDatabaseAsync(db => db.Users.CountAsync()));
    }

    [Theory]
    [InlineData("http://login.example.com", "client", "openIdAuthority")]
    [InlineData("no address", "client", "openIdAuthority")]
    [InlineData("https://login.example.com", "", "openIdClientId")]
    public async Task A_provider_needs_a_safe_address_and_a_client(string openIdAuthority, string openIdClientId, string field)
    {
        await using var app = await App.StartAsync();
        using var admin = await app.SignInAsync();

        var refused = await admin.PutAsync("api/admin/system-config", Config(openIdAuthority, openIdClientId));

        Assert.Equal([field], refused.Json["errors"]!.AsObject().Select(e => e.Key));
    }

    private static object Config(string? openIdAuthority, string? openIdClientId = null) => new
    {
        metaMessagingAppId = "42", metaMessagingAppSecret = "secret", metaMessagingVerifyToken = "verify", openIdAuthority, openIdClientId,
    };

    private static Task<Answer> SaveAsync(ApiClient admin, OpenIdProvider provider, long? organizationId, string[] roles) =>
        admin.PutAsync("api/admin/system-config", new
        {
            metaMessagingAppId = "42",
            metaMessagingAppSecret = "secret",
            metaMessagingVerifyToken = "verify",
            openIdAuthority = provider.Address,
            openIdClientId = OpenIdProvider.ClientId,
            openIdClientSecret = OpenIdProvider.ClientSecret,
            openIdName = "The company",
            openIdOrganizationId = organizationId,
            openIdRoles = roles,
        });

    /// <summary>As a browser follows the redirects, to the provider and back.</summary>
    private static async Task<Answer> SignInAsync(ApiClient browser)
    {
        var atApp = await browser.GetAsync("account/openid", ("Accept", "text/html"));
        Assert.Equal(302, atApp.Status);
        var atProvider = await browser.GetAsync(atApp.Location!);
        return await browser.GetAsync(atProvider.Location!, ("Accept", "text/html"));
    }
}
