using System.Text;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Organizations;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.WebUI.Tests;

public sealed class HttpConventionsTests(AppFixture fixture)
{
    [Theory]
    [InlineData("api/conversations/999999", 404)]
    [InlineData("api/conversations?limit=0", 400)]
    [InlineData("api/nothing/of/the/kind", 404)]
    [InlineData("api/conversations/not-a-number", 404)]
    public async Task An_api_error_is_a_problem_and_never_a_page(string path, int status)
    {
        var answer = await fixture.Admin.GetAsync(path, ("Accept", "text/html"));

        Assert.Equal((status, "application/problem+json"), (answer.Status, answer.ContentType));
        foreach (var name in new[] { "type", "title", "status", "detail", "traceId", "code" })
            Assert.True(answer.Json.AsObject().ContainsKey(name), $"{name}: {answer}");
        Assert.Equal(status, (int)answer.Json["status"]!);
    }

    [Fact]
    public async Task Errors_401_and_403_are_problems()
    {
        var tenant = await fixture.App.CreateTenantAsync();
        using var anonymous = fixture.App.Anonymous();

        var notSignedIn = await anonymous.GetAsync("api/me", ("Accept", "text/html"));
        var wrongRole = await tenant.Agent.Api.GetAsync("api/ops/webhook-deliveries", ("Accept", "text/html"));
        foreach (var (answer, status) in new[] { (notSignedIn, 401), (wrongRole, 403) })
        {
            Assert.Equal((status, "application/problem+json"), (answer.Status, answer.ContentType));
            Assert.NotNull(answer.Code);
        }
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    public async Task A_body_that_cannot_be_read_is_400(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        var answer = await fixture.Admin.SendAsync(HttpMethod.Post, "api/messaging/send", content);

        Assert.Equal((400, "application/problem+json"), (answer.Status, answer.ContentType));
        Assert.NotNull(answer.Code);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=nonsense")]
    [InlineData("application/json; charset=")]
    [InlineData(null)]
    public async Task A_body_of_another_type_is_415(string? contentType)
    {
        using var content = new ByteArrayContent("{}"u8.ToArray());
        if (contentType is not null) content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        var answer = await fixture.Admin.SendAsync(HttpMethod.Post, "api/messaging/send", content);

        Assert.Equal((415, "unsupported_media_type"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("api/conversations?channel=sms", "channel")]
    [InlineData("api/conversations?limit=abc", "limit")]
    [InlineData("api/conversations?unread=perhaps", "unread")]
    public async Task A_query_parameter_that_cannot_be_read_is_named(string path, string parameter)
    {
        var answer = await fixture.Admin.GetAsync(path);

        Assert.Equal((400, "malformed_request"), (answer.Status, answer.Code));
        Assert.NotNull(answer.Json["errors"]![parameter]);
        Assert.DoesNotContain("bind", (string)answer.Json["detail"]!, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("api/me")]
    [InlineData("api/conversations/999999")]
    [InlineData("integrations/meta-messaging/webhook")]
    [InlineData("account/login")]
    [InlineData("health/live")]
    public async Task Every_answer_has_security_headers(string path)
    {
        var answer = await fixture.App.Anonymous().GetAsync(path);

        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        Assert.Equal("DENY", answer.Headers["X-Frame-Options"]);
        Assert.Contains("frame-ancestors 'none'", answer.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", answer.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.False(answer.Headers.ContainsKey("Server"));
    }

    [Fact]
    public async Task An_unsafe_call_with_the_cookie_needs_the_antiforgery_header()
    {
        using var browser = fixture.App.Anonymous(cookies: true);
        Assert.Equal(302, (await browser.SignInByFormAsync(App.AdminEmail, App.Password)).Status);
        Assert.Equal(200, (await browser.GetAsync("api/me")).Status);

        var refused = await browser.PostAsync("api/conversations/999999/read");

        Assert.Equal((400, "antiforgery_token_missing"), (refused.Status, refused.Code));
        var page = await browser.GetAsync("inbox", ("Accept", "text/html"));
        Assert.Equal(
            404, (await browser.PostAsync("api/conversations/999999/read", null, ("X-CSRF-TOKEN", page.AntiforgeryToken))).Status);
    }

    [Fact]
    public async Task The_job_dashboard_is_for_system_administrators_because_jobs_name_the_rows_of_every_organization()
    {
        var tenant = await fixture.App.CreateTenantAsync();

        Assert.Equal(200, (await fixture.Admin.GetAsync("hangfire")).Status);
        Assert.NotEqual(200, (await tenant.Ops.Api.GetAsync("hangfire")).Status);
        Assert.NotEqual(200, (await tenant.Agent.Api.GetAsync("hangfire")).Status);
        Assert.NotEqual(200, (await tenant.Admin.Api.GetAsync("hangfire")).Status);
        Assert.NotEqual(200, (await fixture.App.Anonymous().GetAsync("hangfire")).Status);
        Assert.NotEqual(200, (await fixture.App.Anonymous().GetAsync("hangfire/jobs/enqueued", ("X-Forwarded-For", "127.0.0.1"))).Status);
    }

    [Fact]
    public async Task Ops_see_the_job_dashboard_while_there_is_one_organization()
    {
        await using var app = await App.StartAsync();
        var organizationId = await app.InDatabaseAsync(db => db.Organizations.Select(o => o.Id).SingleAsync());
        var ops = await app.CreateMemberAsync(organizationId, "ops@example.com", OrganizationRoles.Ops);
        Assert.Equal(200, (await ops.Api.GetAsync("hangfire")).Status);
        Assert.Contains("/hangfire", (await ops.Api.GetAsync("ops/webhooks")).Text, StringComparison.Ordinal);

        await app.CreateTenantAsync();

        Assert.Equal(403, (await ops.Api.GetAsync("hangfire")).Status);
        Assert.DoesNotContain("/hangfire", (await ops.Api.GetAsync("ops/webhooks")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api/conversations?chanel=x", "chanel")]
    [InlineData("api/conversations?q=a&q=b", "q")]
    [InlineData("api/contacts?limit=1&limit=2", "limit")]
    [InlineData("api/me?x=1", "x")]
    public async Task A_query_parameter_that_is_unknown_or_repeated_is_refused(string path, string parameter)
    {
        var answer = await fixture.Admin.GetAsync(path);

        Assert.Equal(400, answer.Status);
        Assert.NotNull(answer.Json["errors"]![parameter]);
    }

    [Theory]
    [InlineData("api/me")]
    [InlineData("api/conversations/999999")]
    [InlineData("inbox")]
    [InlineData("health/ready")]
    [InlineData("openapi/v1.json")]
    [InlineData("favicon.svg")]
    public async Task Head_answers_like_get_without_a_body(string path)
    {
        var get = await fixture.Admin.GetAsync(path);
        using var content = new ByteArrayContent([]);
        var head = await fixture.Admin.SendAsync(HttpMethod.Head, path, content);

        Assert.Equal((get.Status, get.ContentType, ""), (head.Status, head.ContentType, head.Text));
    }

    [Fact]
    public async Task Icon_and_robots_file_are_public()
    {
        using var anonymous = fixture.App.Anonymous();

        Assert.Contains("Disallow: /", (await anonymous.GetAsync("robots.txt")).Text, StringComparison.Ordinal);
        Assert.EndsWith("/favicon.svg", (await anonymous.GetAsync("favicon.ico")).Headers["Location"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cursor_of_another_list_is_refused()
    {
        var cursor = new Cursor(DateTimeOffset.UnixEpoch, 1, "ListContacts");

        Assert.Equal(200, (await fixture.Admin.GetAsync($"api/contacts?cursor={cursor}")).Status);
        var answer = await fixture.Admin.GetAsync($"api/conversations?cursor={cursor}");
        Assert.Equal(400, answer.Status);
        Assert.NotNull(answer.Json["errors"]!["cursor"]);
    }

    [Fact]
    public async Task An_unknown_body_property_is_refused_and_named()
    {
        var answer = await fixture.Admin.PostAsync("api/api-keys", new { name = "x", scopes = new[] { "ops" }, scope = "ops" });

        Assert.Equal((400, "validation_failed"), (answer.Status, answer.Code));
        Assert.NotNull(answer.Json["errors"]!["scope"]);
    }

    [Theory]
    [InlineData("Ops\u202Ekey\u0007", "Opskey")]
    [InlineData("\u2066 Ops key \u2069", "Ops key")]
    public async Task Control_characters_and_direction_marks_are_removed_from_names(string given, string stored)
    {
        var answer = await fixture.Admin.PostAsync("api/api-keys", new { name = given, scopes = new[] { "ops" } });

        Assert.Equal((201, stored), (answer.Status, (string?)answer.Json["name"]));
        Assert.Equal(400, (await fixture.Admin.PostAsync("api/api-keys", new { name = "\u202E\u0007", scopes = new[] { "ops" } })).Status);
    }

    [Fact]
    public async Task Dates_in_errors_are_iso()
    {
        var answer = await fixture.Admin.GetAsync("api/dashboard?from=0001-01-01&to=0001-01-02");

        Assert.Equal(400, answer.Status);
        Assert.DoesNotMatch(@"\d+/\d+/\d{4}", answer.Text);
    }

    [Theory]
    [InlineData("health/live")]
    [InlineData("health/ready")]
    public async Task The_health_checks_need_no_sign_in(string path) =>
        Assert.Equal(200, (await fixture.App.Anonymous().GetAsync(path)).Status);

    [Fact]
    public async Task The_api_reference_is_served()
    {
        var answer = await fixture.App.Anonymous().GetAsync("api/docs", ("Accept", "text/html"));

        Assert.True(answer.Status is 200 or 301 or 302, answer.ToString());
    }
}
