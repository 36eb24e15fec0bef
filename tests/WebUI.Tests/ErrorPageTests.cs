using System.Net.Http.Headers;
using MetaMessaging.Testing;

namespace MetaMessaging.WebUI.Tests;

/// <summary>What a browser shows when a request fails without an exception.</summary>
public sealed class ErrorPageTests(AppFixture fixture) : IDisposable
{
    private static readonly (string, string) AcceptPage = ("Accept", "text/html");

    private static readonly (string Text, string Type)[] UnreadableForms =
    [
        ("x", "multipart/form-data"),
        ("--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nabc", "multipart/form-data; boundary=b"),
        (string.Join('&', Enumerable.Range(0, 2000).Select(i => $"f{i}=1")), "application/x-www-form-urlencoded"),
    ];

    private readonly ApiClient browser = fixture.App.Anonymous(cookies: true);

    public void Dispose() => browser.Dispose();

    [Theory]
    [InlineData("no-such-page", 404, "Page not found")]
    [InlineData("css/no-such-style.css", 404, "Page not found")]
    [InlineData("account/logout", 405, "Method Not Allowed")]
    [InlineData("error/404", 404, "Page not found")]
    public async Task Signed_in_an_address_that_does_not_exist_is_a_page_with_its_status(string path, int status, string title)
    {
        await browser.SignInByFormAsync(App.AdminEmail, App.Password);

        var page = await browser.GetAsync(path, AcceptPage);

        Assert.Equal((status, "text/html"), (page.Status, page.ContentType));
        Assert.Contains(title, page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("settings/api-keys")]
    [InlineData("account/logout")]
    public async Task A_form_without_its_antiforgery_token_is_a_page_that_says_to_reload(string path)
    {
        await browser.SignInByFormAsync(App.AdminEmail, App.Password);

        var page = await browser.SendAsync(HttpMethod.Post, path, new FormUrlEncodedContent([]), AcceptPage);

        Assert.Equal((400, "text/html"), (page.Status, page.ContentType));
        Assert.Contains("reload and try again", page.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await browser.GetAsync("api/me")).Status);
    }

    [Theory]
    [InlineData("account/logout", "status", "0", 400)]
    [InlineData("account/login", "RememberMe", "perhaps", 200)]
    [InlineData("settings/security", "RequireTwoFactor", "perhaps", 200)]
    [InlineData("settings/security/two-factor/confirm", "OtpauthUri", null, 200)]
    public async Task A_form_with_a_field_that_no_page_sends_is_a_page(string path, string field, string? value, int status)
    {
        await browser.SignInByFormAsync(App.AdminEmail, App.Password);
        var form = await browser.GetAsync("settings/security", AcceptPage);
        Dictionary<string, string> fields = new() { [field] = value ?? new string('x', 5000), ["Code"] = "000000" };
        if (status is 200) fields["__RequestVerificationToken"] = form.AntiforgeryToken;

        var page = await browser.SendAsync(HttpMethod.Post, path, new FormUrlEncodedContent(fields), AcceptPage);

        Assert.Equal((status, "text/html"), (page.Status, page.ContentType));
    }

    [Fact]
    public async Task A_form_changes_what_its_address_names_whatever_its_fields_are_called()
    {
        var tenant = await fixture.App.CreateTenantAsync();
        await browser.SignInByFormAsync(tenant.Admin.Email, App.Password);
        var form = await browser.GetAsync("settings/members", AcceptPage);

        await browser.PostFormAsync(
            $"settings/members/{tenant.Agent.UserId}/deactivate", ("userId", $"{tenant.Ops.UserId}"),
            ("__RequestVerificationToken", form.AntiforgeryToken));

        Assert.Equal(401, (await tenant.Agent.Api.GetAsync("api/me")).Status);
        Assert.Equal(200, (await tenant.Ops.Api.GetAsync("api/me")).Status);
    }

    [Fact]
    public async Task A_script_gets_a_problem_instead_of_the_page()
    {
        await browser.SignInByFormAsync(App.AdminEmail, App.Password);

        var answer = await browser.PostFormAsync("settings/api-keys");

        Assert.Equal((400, "application/problem+json"), (answer.Status, answer.ContentType));
    }

    [Theory]
    [InlineData("account/login", "Email", "Password")]
    [InlineData("setup", "Organization", "Name")]
    public async Task A_stale_form_is_shown_again_with_a_message_and_then_works(string path, string field, string otherField)
    {
        await using var app = path is "setup" ? await App.StartAsync(bootstrap: false) : null;
        using var visitor = (app ?? fixture.App).Anonymous(cookies: true);
        (string, string)[] fields =
        [
            ("Email", App.AdminEmail), ("Password", App.Password), ("Organization", "Mine"), ("Name", "Me"), ("ReturnUrl", "/dashboard"),
        ];

        var again = await visitor.PostFormAsync(path, fields);

        Assert.Equal((400, "text/html"), (again.Status, again.ContentType));
        Assert.Contains("open for too long", again.Text, StringComparison.Ordinal);
        Assert.Contains($"name=\"{field}\"", again.Text, StringComparison.Ordinal);
        Assert.Contains($"name=\"{otherField}\"", again.Text, StringComparison.Ordinal);
        var accepted = await visitor.PostFormAsync(path, [.. fields, ("__RequestVerificationToken", again.AntiforgeryToken)]);
        Assert.Equal((302, path is "setup" ? "/admin/system-config" : "/dashboard"), (accepted.Status, accepted.Location));
    }

    [Theory]
    [InlineData("/error/400")]
    [InlineData("/error")]
    [InlineData("~/error/404")]
    [InlineData("/inbox/../error/404")]
    [InlineData("/account/logout")]
    [InlineData("https://elsewhere.example/")]
    public async Task Signing_in_never_leads_to_an_error_page(string returnUrl)
    {
        var signedIn = await browser.SignInByFormAsync(App.AdminEmail, App.Password, returnUrl);

        Assert.Equal((302, "/"), (signedIn.Status, signedIn.Location));
    }

    [Theory]
    [InlineData("account/login")]
    [InlineData("account/logout")]
    [InlineData("settings/api-keys")]
    [InlineData("inbox")]
    [InlineData("integrations/meta-messaging/deauthorize")]
    public async Task A_form_that_cannot_be_read_is_refused(string path)
    {
        await browser.SignInByFormAsync(App.AdminEmail, App.Password);
        var refused = (400, path.StartsWith("integrations", StringComparison.Ordinal) ? "application/problem+json" : "text/html");

        foreach (var (text, type) in UnreadableForms)
        {
            using var form = new StringContent(text);
            form.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            var answer = await browser.SendAsync(HttpMethod.Post, path, form, AcceptPage);
            Assert.Equal(refused, (answer.Status, answer.ContentType));
        }
    }

    [Fact]
    public async Task A_form_of_an_ended_session_leads_to_the_sign_in_and_from_there_to_the_start()
    {
        var answer = await browser.SendAsync(HttpMethod.Post, "settings/api-keys", new FormUrlEncodedContent([]), AcceptPage);

        Assert.Equal((302, new Uri(fixture.App.Address, "account/login").ToString()), (answer.Status, answer.Location));
        var page = await browser.GetAsync("settings/api-keys", AcceptPage);
        Assert.EndsWith("/account/login?returnUrl=%2Fsettings%2Fapi-keys", page.Location, StringComparison.Ordinal);
    }
}
