using System.Net;
using System.Text.RegularExpressions;
using MetaMessaging.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.WebUI.Tests;

/// <summary>What the app believes of a proxy, and which address it has for others.</summary>
public sealed partial class ProxyTests(AppFixture fixture)
{
    private const string Public = "https://messages.example.com";

    [Fact]
    public async Task With_an_https_address_cookies_are_secure_redirects_https_and_browsers_keep_to_it_whatever_the_proxy_says()
    {
        await using var app = await StartAsync(("PublicBaseUrl", Public));
        using var admin = await app.SignInAsync();
        await admin.PutAsync("api/admin/system-config", new
        {
            metaMessagingAppId = "1", metaMessagingAppSecret = "secret", metaMessagingVerifyToken = "token",
        });
        using var browser = app.Anonymous();

        var start = await browser.GetAsync("inbox", ("Accept", "text/html"), ("X-Forwarded-Proto", "http"), ("Host", "other.example"));
        var form = await browser.GetAsync("account/login", ("Accept", "text/html"));
        var signedIn = await browser.SendAsync(
            HttpMethod.Post, "account/login",
            new FormUrlEncodedContent([
                new("Email", App.AdminEmail), new("Password", App.Password), new("__RequestVerificationToken", form.AntiforgeryToken),
            ]),
            ("Cookie", Cookie().Match(form.Headers["Set-Cookie"]).Value));
        var dialog = await admin.GetAsync("api/integrations/meta/oauth-url");

        Assert.StartsWith($"{Public}/account/login", start.Location, StringComparison.Ordinal);
        Assert.Equal(302, signedIn.Status);
        foreach (var (name, answer) in new[] { ("mm_csrf", form), ("mm_session", signedIn), ("mm_oauth", dialog) })
        {
            Assert.Contains($"{name}=", answer.Headers["Set-Cookie"], StringComparison.Ordinal);
            Assert.Contains("; secure", answer.Headers["Set-Cookie"], StringComparison.OrdinalIgnoreCase);
            Assert.StartsWith("max-age=31536000", answer.Headers["Strict-Transport-Security"], StringComparison.Ordinal);
        }

        Assert.Contains(
            Uri.EscapeDataString($"{Public}/integrations/meta-messaging/oauth/callback"), (string)dialog.Json["url"]!,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trusted_proxy_says_which_scheme_and_host_the_browser_used()
    {
        (string, string)[] headers =
            [("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "messages.example.com"), ("X-Forwarded-For", "203.0.113.7")];

        var form = await fixture.App.Anonymous().GetAsync("account/login", [("Accept", "text/html"), .. headers]);

        Assert.Equal($"{Public}/integrations/meta-messaging/oauth/callback", await RedirectUriAsync(fixture.Admin, headers));
        Assert.Contains("; secure", form.Headers["Set-Cookie"], StringComparison.OrdinalIgnoreCase);
        Assert.False(form.Headers.ContainsKey("Strict-Transport-Security"));   // the host's owner decides that, by PublicBaseUrl
    }

    [Fact]
    public async Task A_proxy_may_keep_the_host_and_say_the_scheme_only() => Assert.Equal(
        $"{Public}/integrations/meta-messaging/oauth/callback",
        await RedirectUriAsync(fixture.Admin, ("Host", "messages.example.com"), ("X-Forwarded-Proto", "https")));

    [Fact]
    public async Task What_a_proxy_that_is_not_trusted_says_is_ignored()
    {
        await using var app = await StartAsync(("Proxy:Trusted:0", "192.0.2.1"), ("Proxy:Trusted:1", "2001:db8::/32"));
        using var admin = await app.SignInAsync();

        var uri = await RedirectUriAsync(admin, ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "messages.example.com"));

        Assert.Equal($"{app.Address}integrations/meta-messaging/oauth/callback", uri);
    }

    [Fact]
    public async Task The_host_header_alone_does_not_decide_the_redirect_uri()
    {
        var own = $"{fixture.App.Address}integrations/meta-messaging/oauth/callback";

        Assert.Equal(own, await RedirectUriAsync(fixture.Admin));
        Assert.Equal(own, await RedirectUriAsync(fixture.Admin, ("Host", "evil.example")));
        Assert.Equal(own, await RedirectUriAsync(fixture.Admin, ("Host", "evil.example"), ("X-Original-Host", "x")));
        Assert.Equal(
            $"http://localhost:{fixture.App.Address.Port}/integrations/meta-messaging/oauth/callback",
            await RedirectUriAsync(fixture.Admin, ("Host", $"localhost:{fixture.App.Address.Port}")));
    }

    [Fact]
    public async Task A_host_that_alone_is_allowed_is_believed()
    {
        await using var app = await StartAsync(("AllowedHosts", "messages.example.com;127.0.0.1"));
        using var admin = await app.SignInAsync();

        Assert.Equal(
            "http://messages.example.com/integrations/meta-messaging/oauth/callback",
            await RedirectUriAsync(admin, ("Host", "messages.example.com")));
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("198.51.100.9, 203.0.113.7, 10.1.2.3", "203.0.113.7")]   // what the client itself sent is not believed
    [InlineData("", "127.0.0.1")]
    public async Task The_client_is_the_last_address_that_is_no_trusted_proxy(string forwardedFor, string expected)
    {
        var seen = new SeenAddress();
        await using var app = await App.StartAsync(services: services => services.AddSingleton<IStartupFilter>(seen));

        await app.Anonymous().GetAsync("health/live", forwardedFor.Length > 0 ? [("X-Forwarded-For", forwardedFor)] : []);

        Assert.Equal(expected, seen.Address?.MapToIPv4().ToString());
    }

    private static Task<App> StartAsync(params (string Key, string Value)[] settings) =>
        App.StartAsync(settings: settings.ToDictionary(s => s.Key, s => (string?)s.Value));

    private static async Task<string> RedirectUriAsync(ApiClient admin, params (string, string)[] headers) =>
        (string)(await admin.GetAsync("api/admin/system-config", headers)).Json["oauthRedirectUrl"]!;

    [GeneratedRegex("mm_csrf=[^;]+")]
    private static partial Regex Cookie();

    /// <summary>The client's address as the app's own middleware left it.</summary>
    private sealed class SeenAddress : IStartupFilter
    {
        public IPAddress? Address { get; private set; }

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (context, run) =>
            {
                await run(context);
                Address = context.Connection.RemoteIpAddress;
            });
            next(app);
        };
    }
}
