using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using MetaMessaging.Domain.Organizations;
using MetaMessaging.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.WebUI.Tests;

/// <summary>Every route with every kind of caller, against <see cref="AccessTable"/>.</summary>
public sealed partial class AccessTests(AppFixture fixture) : IAsyncLifetime
{
    private readonly Dictionary<string, ApiClient> programs = [];
    private readonly Dictionary<string, ApiClient> browsers = [];

    public async ValueTask InitializeAsync()
    {
        var tenant = await fixture.App.CreateTenantAsync("Access");
        var left = await fixture.App.CreateMemberAsync(tenant.OrganizationId, Some.Unique("left") + "@example.com", OrganizationRoles.All);
        var outsider = await fixture.App.CreateMemberAsync(
            tenant.OrganizationId, Some.Unique("outsider") + "@example.com", OrganizationRoles.All);
        await tenant.Admin.Api.DeleteAsync($"api/members/{outsider.UserId}");
        await outsider.Api.SignInAsync(outsider.Email, App.Password);   // removal has ended the session
        programs[AccessTable.Nobody] = fixture.App.Anonymous();
        programs["systemAdmin"] = fixture.Admin;
        foreach (var (name, member) in new[]
        {
            (AccessTable.Deactivated, left), ("outsider", outsider), ("admin", tenant.Admin), ("agent", tenant.Agent), ("ops", tenant.Ops),
        }) (programs[name], browsers[name]) = (member.Api, await SignInAsync(member.Email));

        browsers["systemAdmin"] = await SignInAsync(App.AdminEmail);
        browsers[AccessTable.Nobody] = fixture.App.Anonymous(cookies: true);
        foreach (var scope in ApiKeyScopes.All)
        {
            var key = await tenant.Admin.Api.PostAsync("api/api-keys", new { name = scope, scopes = new[] { scope } });
            programs[scope is "ops" ? "key/ops" : scope] = fixture.App.Anonymous();
            programs[scope is "ops" ? "key/ops" : scope].AccessToken = (string)key.Json["key"]!;
        }

        await tenant.Admin.Api.PatchAsync($"api/members/{left.UserId}", new { state = "deactivated" });
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void The_table_names_every_route_and_no_other()
    {
        var routes = Routes().Select(route => route.Name).ToList();

        Assert.Equal("", string.Join(", ", routes.Except(AccessTable.Routes.Keys)));
        Assert.Equal("", string.Join(", ", AccessTable.Routes.Keys.Except(routes)));
    }

    /// <summary>A parameter that does not exist: who may use the route gets 400, and nothing happens.</summary>
    [Fact]
    public async Task Programs_may_call_what_the_table_says()
    {
        var wrong = await TryAsync(programs, r => r.IsOfApi, "?accessTest=1", async (client, route) =>
        {
            var answer = await client.SendAsync(route.Method, route.Path, BodyFor(route.Method), ("Accept", "text/html"));
            return (answer.Status, answer.Code) switch
            {
                (400, "validation_failed" or "malformed_request") => Outcome.Allowed,
                (200, _) when route.Path.StartsWith("api/docs", StringComparison.Ordinal) => Outcome.Allowed,
                (401, "unauthenticated") => Outcome.Unauthenticated,
                (403, "forbidden") => Outcome.Forbidden,
                _ => Outcome.Unexpected,
            };
        });

        Assert.True(wrong.Length == 0, wrong);
    }

    /// <summary>Forms are sent without their antiforgery token: who may send one gets 400, and nothing happens.</summary>
    [Fact]
    public async Task Browsers_may_open_the_pages_that_the_table_says()
    {
        var wrong = await TryAsync(browsers, r => !r.IsOfApi, "", async (client, route) =>
        {
            var answer = await client.SendAsync(route.Method, route.Path, null, ("Accept", "text/html"));
            return answer switch
            {
                { Status: 401 } => Outcome.Unauthenticated,
                { Status: 403, Code: "forbidden" } => Outcome.Forbidden,
                { Location: { } page } when page.Contains("/account/denied", StringComparison.Ordinal) => Outcome.Forbidden,
                { Location: { } page } when page.Contains("/account/login?", StringComparison.Ordinal)
                    || (page.EndsWith("/account/login", StringComparison.Ordinal) && route.Method != HttpMethod.Get) =>
                    Outcome.Unauthenticated,
                { Status: < 500 } => Outcome.Allowed,
                _ => Outcome.Unexpected,
            };
        });

        Assert.True(wrong.Length == 0, wrong);
    }

    /// <summary>The routes outside of /api that programs call.</summary>
    [Fact]
    public async Task Programs_may_open_metrics_jobs_and_live_updates_as_the_table_says()
    {
        string[] paths = ["metrics", "hangfire", "hubs"];
        var wrong = await TryAsync(programs, r => paths.Contains(r.Path.Split('/')[0]), "", async (client, route) =>
            (await client.SendAsync(route.Method, route.Path, null)).Status switch
            {
                401 => Outcome.Unauthenticated,
                403 => Outcome.Forbidden,
                < 500 => Outcome.Allowed,
                _ => Outcome.Unexpected,
            });

        Assert.True(wrong.Length == 0, wrong);
    }

    private async Task<string> TryAsync(
        Dictionary<string, ApiClient> callers, Func<Route, bool> isMeant, string query, Func<ApiClient, Route, Task<Outcome>> tryOne)
    {
        var wrong = new ConcurrentQueue<string>();
        var calls = Routes().Where(isMeant).Select(route => route with { Path = route.Path + query })
            .SelectMany(route => callers.Select(caller => (Route: route, Caller: caller.Key, Client: caller.Value))).ToList();
        Assert.NotEmpty(calls);
        await Parallel.ForEachAsync(calls, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (call, _) =>
        {
            var expected = Expected(call.Route, call.Caller);
            var outcome = await tryOne(call.Client, call.Route);
            if (outcome != expected) wrong.Enqueue($"{call.Caller} {call.Route.Name}: {outcome}, expected {expected}");
        });
        return string.Join(Environment.NewLine, wrong.Order());
    }

    private static Outcome Expected(Route route, string caller) =>
        AccessTable.Routes.GetValueOrDefault(route.Name)?.Contains(caller) is true ? Outcome.Allowed
        : caller is AccessTable.Nobody or AccessTable.Deactivated ? Outcome.Unauthenticated
        : Outcome.Forbidden;

    private IEnumerable<Route> Routes() => fixture.App.Services.GetServices<EndpointDataSource>()
        .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        .Select(endpoint => (Endpoint: endpoint, Pattern: "/" + endpoint.RoutePattern.RawText!.Trim('/')))
        .SelectMany(e => (e.Endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []).DefaultIfEmpty("ANY")
            .Select(method => new Route(
                $"{method} {e.Pattern}", method is "ANY" ? HttpMethod.Get : new HttpMethod(method),
                Parameter().Replace(e.Pattern, ValueOf).TrimStart('/'))))
        .DistinctBy(route => route.Name);

    private static string ValueOf(Match parameter) => parameter.Groups[1].Value switch
    {
        "documentName" => "v1",
        "status" => "404",
        "token" or "code" => "x",
        "**path" or "*path" => "",
        _ => "999999",
    };

    /// <summary>JSON of no meaning, where a route wants a body before anything else.</summary>
    private static ByteArrayContent? BodyFor(HttpMethod method) => method == HttpMethod.Get || method == HttpMethod.Delete
        ? null
        : new ByteArrayContent("{}"u8.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private async Task<ApiClient> SignInAsync(string email)
    {
        var browser = fixture.App.Anonymous(cookies: true);
        await browser.SignInByFormAsync(email, App.Password);
        return browser;
    }

    private enum Outcome { Allowed, Unauthenticated, Forbidden, Unexpected }

    private sealed record Route(string Name, HttpMethod Method, string Path)
    {
        public bool IsOfApi => Path.StartsWith("api/", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\{([*\w]+)[^}]*\}")]
    private static partial Regex Parameter();
}
