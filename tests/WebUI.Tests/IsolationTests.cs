using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Domain.Organizations;
using MetaMessaging.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.WebUI.Tests;

/// <summary>Calls every mapped route with rows of another organization, so a new route is tested as soon as it is mapped.</summary>
public sealed partial class IsolationTests(AppFixture fixture) : IAsyncLifetime
{
    private Tenant ours = null!;
    private Tenant others = null!;
    private Owned theirs = null!;

    private JsonNode document = null!;

    public async ValueTask InitializeAsync()
    {
        document = (await fixture.App.Anonymous().GetAsync("openapi/v1.json")).Json;
        ours = await CreateTenantAsync("Ours");
        others = await CreateTenantAsync("Theirs");
        theirs = await SeedAsync(others.OrganizationId);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Rows_of_another_organization_are_not_found()
    {
        var leaks = new List<string>();
        foreach (var (method, pattern) in RoutesWithIds("/api/"))
        {
            if (ClientFor(method, pattern) is not { } client) continue;
            foreach (var id in theirs.Ids)
            {
                var path = Parameter().Replace(pattern, id.ToString(System.Globalization.CultureInfo.InvariantCulture));
                var answer = await client.SendAsync(new HttpMethod(method), path, BodyFor(method, pattern));
                if (answer.Status is not 404 || answer.ContentType is not "application/problem+json")
                    leaks.Add($"{method} {path}: {answer}");
            }
        }

        Assert.Empty(leaks);
    }

    [Fact]
    public async Task Ids_of_another_organization_in_a_body_are_not_found()
    {
        var mine = await SeedAsync(ours.OrganizationId);

        var answers = new Dictionary<string, Answer>
        {
            ["send to conversation"] = await ours.Agent.Api.PostAsync(
                "api/messaging/send", new { conversationId = theirs.Conversation.Id, text = "x" }),
            ["send to contact"] = await ours.Agent.Api.PostAsync(
                "api/messaging/send", new { contactId = theirs.Conversation.ContactId, channel = "facebookMessenger", text = "x" }),
            ["send attachment"] = await ours.Agent.Api.PostAsync(
                "api/messaging/send", new { conversationId = mine.Conversation.Id, attachmentIds = new[] { theirs.Attachment.Id } }),
            ["connect"] = await ours.Admin.Api.PostAsync(
                "api/integrations/meta/connect", new { pendingId = theirs.Pending.Id, pageId = Some.PageId }),
            ["assign"] = await ours.Agent.Api.PatchAsync(
                $"api/conversations/{mine.Conversation.Id}", new { assigneeId = fixture.Admin is null ? 0 : 1 }),
        };

        Assert.All(answers, a => Assert.True(a.Value.Status is 404, $"{a.Key}: {a.Value}"));
    }

    [Fact]
    public async Task No_list_holds_another_organizations_rows()
    {
        var leaks = new List<string>();
        foreach (var (method, pattern) in Routes().Where(r => r.Method is "GET" && !r.Pattern.Contains('{', StringComparison.Ordinal)))
        {
            if (ClientFor(method, pattern) is not { } client) continue;
            var answer = await client.GetAsync(pattern.TrimStart('/'));
            if (answer.Status is 200 && theirs.Marks.Any(mark => answer.Text.Contains(mark, StringComparison.Ordinal)))
                leaks.Add($"{pattern}: {answer}");
        }

        Assert.Empty(leaks);
    }

    [Fact]
    public async Task No_page_shows_another_organizations_rows_and_no_form_changes_them()
    {
        var leaks = new List<string>();
        foreach (var member in new[] { ours.Admin, ours.Agent, ours.Ops })
        {
            using var browser = fixture.App.Anonymous(cookies: true);
            await browser.SignInByFormAsync(member.Email, App.Password);
            var token = (await browser.GetAsync("settings/profile", ("Accept", "text/html"))).AntiforgeryToken;
            var role = member == ours.Admin ? "admin" : member == ours.Agent ? "agent" : "ops";
            foreach (var (method, pattern) in Routes("/").Where(r => !r.Pattern.StartsWith("/api/", StringComparison.Ordinal)))
            {
                if (!AccessTable.Allows(role, method, pattern) || AccessTable.Allows(AccessTable.Nobody, method, pattern)) continue;
                foreach (var id in IdsFor(method, pattern))
                {
                    // Without text/html a refusal has no page, which saves most of the time.
                    var answer = await browser.SendAsync(
                        new HttpMethod(method), Parameter().Replace(pattern, id), null, ("X-CSRF-TOKEN", token));
                    var hasChanged = method is not "GET" && answer.Status is not (200 or 400 or 404);   // a refused form is shown again
                    if (hasChanged || theirs.Marks.Any(mark => answer.Text.Contains(mark, StringComparison.Ordinal)))
                        leaks.Add($"{method} {pattern} {id}: {answer.Status} {answer.Location}");
                }
            }
        }

        Assert.True(leaks.Count == 0, string.Join(Environment.NewLine, leaks));
    }

    [Fact]
    public async Task Live_updates_go_to_the_own_organization_alone()
    {
        var mine = await SeedAsync(ours.OrganizationId);
        var (received, receivedByOthers) = (new ConcurrentQueue<long>(), new ConcurrentQueue<long>());
        await using var live = await LiveAsync(ours.Agent.Api, received);
        await using var otherLive = await LiveAsync(others.Agent.Api, receivedByOthers);

        await others.Agent.Api.PatchAsync($"api/conversations/{theirs.Conversation.Id}", new { status = "closed" });
        await Until.True(() => !receivedByOthers.IsEmpty, "the others have their update");
        await ours.Agent.Api.PatchAsync($"api/conversations/{mine.Conversation.Id}", new { status = "closed" });
        await Until.True(() => !received.IsEmpty, "we have our update");

        Assert.Empty(await live.InvokeAsync<JsonElement[]>("Look", theirs.Conversation.Id, TestContext.Current.CancellationToken));
        Assert.Single(await otherLive.InvokeAsync<JsonElement[]>("Look", theirs.Conversation.Id, TestContext.Current.CancellationToken));
        Assert.All(received, id => Assert.Equal(mine.Conversation.Id, id));
        Assert.All(receivedByOthers, id => Assert.Equal(theirs.Conversation.Id, id));
    }

    [Fact]
    public async Task Metrics_name_nobodys_rows_and_the_dashboard_of_jobs_is_closed_to_ops_of_one_organization()
    {
        var metrics = await ours.Ops.Api.GetAsync("metrics");

        Assert.Equal(200, metrics.Status);
        Assert.DoesNotContain(theirs.Marks, mark => metrics.Text.Contains(mark, StringComparison.Ordinal));
        foreach (var page in new[] { "hangfire", "hangfire/jobs/processing", "hangfire/recurring" })
            Assert.Equal(403, (await ours.Ops.Api.GetAsync(page)).Status);
    }

    [Fact]
    public async Task The_assignee_and_cursor_of_another_organization_give_an_empty_list()
    {
        var cursor = new Cursor(theirs.Conversation.LastMessageAt.AddYears(1), long.MaxValue, "ListConversations");

        Assert.Empty((await ours.Agent.Api.GetAsync($"api/conversations?cursor={cursor}")).Json["items"]!.AsArray());
        Assert.Empty((await ours.Agent.Api.GetAsync("api/conversations?assignee=1")).Json["items"]!.AsArray());
        Assert.Empty((await ours.Agent.Api.GetAsync($"api/contacts?q={theirs.Conversation.ScopedUserId}")).Json["items"]!.AsArray());
    }

    [Fact]
    public async Task The_openapi_document_names_every_route()
    {
        var document = (await fixture.App.Anonymous().GetAsync("openapi/v1.json")).Json;
        var documented = document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}"))
            .ToHashSet();

        var missing = Routes().Where(r => !r.Pattern.StartsWith("/api/docs", StringComparison.Ordinal))
            .Select(r => $"{r.Method} {Parameter().Replace(r.Pattern, m => $"{{{m.Groups[1].Value}}}")}")
            .Except(documented);

        Assert.Empty(missing);
    }

    private IEnumerable<(string Method, string Pattern)> Routes(string begin = "/api/") => fixture.App.Services
        .GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        .Select(endpoint => (Endpoint: endpoint, Pattern: "/" + endpoint.RoutePattern.RawText!.TrimStart('/')))
        .Where(e => e.Pattern.StartsWith(begin, StringComparison.Ordinal) && !e.Pattern.StartsWith("/api/docs", StringComparison.Ordinal))
        .SelectMany(e => (e.Endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [])
            .Select(method => (method, e.Pattern)))
        .Distinct();

    /// <summary>A user's or session's id may equal the id of one of these rows; MemberTests and AccountTests ask for such ids.</summary>
    private IEnumerable<(string Method, string Pattern)> RoutesWithIds(string begin) => Routes(begin)
        .Where(r => r.Pattern.Contains('{', StringComparison.Ordinal) && !r.Pattern.Contains("{userId", StringComparison.Ordinal)
            && !r.Pattern.Contains("/sessions/", StringComparison.Ordinal));

    /// <summary>One who may use the route; null for routes of system administrators, who see every organization.</summary>
    private ApiClient? ClientFor(string method, string pattern) =>
        AccessTable.Allows("agent", method, pattern) ? ours.Agent.Api
        : AccessTable.Allows("admin", method, pattern) ? ours.Admin.Api
        : AccessTable.Allows("ops", method, pattern) ? ours.Ops.Api
        : null;

    /// <summary>For a list one address without an id. What only creates something of our own is not called.</summary>
    private IEnumerable<string> IdsFor(string method, string pattern) =>
        RoutesWithIds("/").Contains((method, pattern))
            ? theirs.Ids.Select(id => id.ToString(System.Globalization.CultureInfo.InvariantCulture))
            : method is "GET" && !pattern.Contains('{', StringComparison.Ordinal) ? [""] : [];

    private async Task<HubConnection> LiveAsync(ApiClient client, ConcurrentQueue<long> conversationIds)
    {
        var live = new HubConnectionBuilder()
            .WithUrl(
                new Uri(fixture.App.Address, "hubs/inbox"),
                options => options.AccessTokenProvider = () => Task.FromResult(client.AccessToken))
            .Build();
        live.On<JsonElement>("conversationUpdated", update => conversationIds.Enqueue(update.GetProperty("conversationId").GetInt64()));
        await live.StartAsync(TestContext.Current.CancellationToken);
        return live;
    }

    /// <summary>Through the API, as a system administrator and the organization's first admin do it.</summary>
    private async Task<Tenant> CreateTenantAsync(string name)
    {
        var email = $"{Some.Unique("admin")}@example.com";
        var created = await fixture.Admin.PostAsync("api/admin/organizations", new { name, adminEmail = email });
        var admin = await AcceptAsync(email, created);
        return new Tenant((long)created.Json["id"]!, admin, await InviteAsync("agent"), await InviteAsync("ops"));

        async Task<Member> InviteAsync(string role)
        {
            var address = $"{Some.Unique(role)}@example.com";
            return await AcceptAsync(
                address, await admin.Api.PostAsync("api/members/invitations", new { email = address, roles = new[] { role } }));
        }
    }

    private async Task<Member> AcceptAsync(string email, Answer invited)
    {
        var token = new Uri((string)invited.Json["inviteUrl"]!).Segments[^1];
        var client = fixture.App.Anonymous();
        var accepted = await client.PostAsync(
            "api/auth/invitations/accept", new { token, name = email.Split('@')[0], password = App.Password });
        client.AccessToken = (string)accepted.Json["accessToken"]!;
        return new Member((long)(await client.GetAsync("api/me")).Json["id"]!, email, client);
    }

    /// <summary>The example of the document, so that the route accepts the body and decides by the ids alone.</summary>
    private HttpContent? BodyFor(string method, string pattern)
    {
        if (pattern == "/api/attachments") return new MultipartFormDataContent { { new ByteArrayContent([1]), "file", "x.png" } };
        var operation = document["paths"]![Parameter().Replace(pattern, "{$1}")]?[method.ToLowerInvariant()];
        return operation?["requestBody"]?["content"]?["application/json"]?["example"] is { } example
            ? System.Net.Http.Json.JsonContent.Create(example)
            : null;
    }

    private Task<Owned> SeedAsync(long organizationId) => fixture.App.InDatabaseAsync(async db =>
    {
        var conversation = Some.Conversation(
            organizationId: organizationId, customerId: Some.Unique("76foreign"), channel: Channel.FacebookMessenger);
        var failed = Some.Failed(conversation, $"secret words of {organizationId}");
        var picture = Some.Inbound(
            conversation, null, null, null, new AttachmentContent("image", $"https://scontent.xx.fbcdn.net/{organizationId}.jpg"));
        var pending = new PendingConnection(organizationId, 1, null, "token", [Some.Page()], fixture.App.Clock.Now);
        var delivery = new WebhookDelivery(Payload.Text("foreign", "m_foreign"), fixture.App.Clock.Now);
        delivery.Finish("page", [EventOutcome.Processed with { OrganizationId = organizationId }], fixture.App.Clock.Now);
        var (key, _) = ApiKey.Create(organizationId, "A key", [ApiKeyScopes.Ops], null, fixture.App.Clock.Now);
        var canned = new CannedReply(organizationId, "A canned reply", $"secret{organizationId}", "Text", 0, fixture.App.Clock.Now);
        await db.SeedAsync(failed, picture, pending, delivery, key, canned);
        return new Owned(conversation, failed, picture.Attachments[0], pending, delivery, key, canned);
    });

    [GeneratedRegex(@"\{(\w+)[^}]*\}")]
    private static partial Regex Parameter();

    private sealed record Owned(
        Conversation Conversation,
        Message Message,
        MessageAttachment Attachment,
        PendingConnection Pending,
        WebhookDelivery Delivery,
        ApiKey Key,
        CannedReply Canned)
    {
        public IEnumerable<long> Ids => new[]
        {
            Conversation.Id, Conversation.ContactId, Conversation.ConnectionId, Message.Id, Attachment.Id, Pending.Id, Delivery.Id,
            Key.Id, Canned.Id,
        }.Distinct();

        public IEnumerable<string> Marks => [Conversation.ScopedUserId, Message.Text!, Conversation.Connection.PageId, Canned.Shortcut];
    }
}
