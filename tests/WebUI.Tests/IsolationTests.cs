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
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.WebUI.Tests;

/// <summary>Calls every mapped route with rows of another organization, so a new route is tested as soon as it is mapped.</summary>
public sealed partial class IsolationTests(AppFixture fixture) : IAsyncLifetime
{
    private Tenant ours = null!;
    private Owned theirs = null!;

    private JsonNode document = null!;

    public async ValueTask InitializeAsync()
    {
        document = (await fixture.App.Anonymous().GetAsync("openapi/v1.json")).Json;
        ours = await fixture.App.CreateTenantAsync("Ours");
        theirs = await SeedAsync((await fixture.App.CreateTenantAsync("Theirs")).OrganizationId);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Rows_of_another_organization_are_not_found()
    {
        var leaks = new List<string>();
        // A user's id may equal the id of one of these rows; MemberTests asks for members of another organization.
        var routes = Routes().Where(r => r.Pattern.Contains('{', StringComparison.Ordinal))
            .Where(r => !r.Pattern.Contains("{userId", StringComparison.Ordinal) && RoleOf(r.Method, r.Pattern) is not "systemAdmin");
        foreach (var (method, pattern) in routes)
        {
            foreach (var id in theirs.Ids)
            {
                var path = Parameter().Replace(pattern, id.ToString(System.Globalization.CultureInfo.InvariantCulture));
                var answer = await ClientFor(method, pattern).SendAsync(new HttpMethod(method), path, BodyFor(method, pattern));
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
            var answer = await ClientFor(method, pattern).GetAsync(pattern.TrimStart('/'));
            if (answer.Status is 200 && theirs.Marks.Any(mark => answer.Text.Contains(mark, StringComparison.Ordinal)))
                leaks.Add($"{pattern}: {answer}");
        }

        Assert.Empty(leaks);
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
    public async Task Every_protected_route_answers_401_without_credentials()
    {
        using var anonymous = fixture.App.Anonymous();
        var open = new List<string>();
        var routes = Routes().Where(route =>
            !route.Pattern.StartsWith("/api/auth/", StringComparison.Ordinal)
            && !route.Pattern.StartsWith("/api/docs", StringComparison.Ordinal));
        foreach (var (method, pattern) in routes)
        {
            var answer = await anonymous.SendAsync(
                new HttpMethod(method), Parameter().Replace(pattern, "1"), BodyFor(method, pattern), ("Accept", "text/html"));
            if (answer.Status is not 401 || answer.Text.Contains("<html", StringComparison.OrdinalIgnoreCase))
                open.Add($"{method} {pattern}: {answer}");
        }

        Assert.Empty(open);
    }

    [Fact]
    public async Task Each_role_may_call_only_its_own_routes()
    {
        var wrong = new List<string>();
        foreach (var (method, pattern) in Routes())
        {
            var allowed = RoleOf(method, pattern);
            if (allowed is null) continue;
            foreach (var (role, client) in new[] { ("admin", ours.Admin.Api), ("agent", ours.Agent.Api), ("ops", ours.Ops.Api) })
            {
                var answer = await client.SendAsync(
                    new HttpMethod(method), Parameter().Replace(pattern, "999999"), BodyFor(method, pattern));
                if ((answer.Status is 403) == (role == allowed)) wrong.Add($"{role} {method} {pattern}: {answer}");
            }
        }

        Assert.Empty(wrong);
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

    private IEnumerable<(string Method, string Pattern)> Routes() => fixture.App.Services.GetServices<EndpointDataSource>()
        .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        .Select(endpoint => (Endpoint: endpoint, Pattern: "/" + endpoint.RoutePattern.RawText!.TrimStart('/')))
        .Where(e => e.Pattern.StartsWith("/api/", StringComparison.Ordinal) && !e.Pattern.StartsWith("/api/docs", StringComparison.Ordinal))
        .SelectMany(e => e.Endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Select(method => (method, e.Pattern)))
        .Distinct();

    private static string? RoleOf(string method, string pattern) => pattern switch
    {
        _ when pattern.StartsWith("/api/auth/", StringComparison.Ordinal)
            || pattern.StartsWith("/api/me/", StringComparison.Ordinal)
            || pattern is "/api/me" or "/api/settings/security" => null,   // the latter may withhold everybody's roles
        "/api/members" when method is "GET" => null,   // any member
        _ when pattern.StartsWith("/api/members", StringComparison.Ordinal)
            || pattern.StartsWith("/api/settings/", StringComparison.Ordinal) => "admin",
        _ when pattern.StartsWith("/api/admin/", StringComparison.Ordinal) => "systemAdmin",
        _ when pattern.StartsWith("/api/ops/", StringComparison.Ordinal) => "ops",
        "/api/settings/retention" or "/api/settings/retention/preview" => "admin",
        _ when pattern.StartsWith("/api/integrations/", StringComparison.Ordinal)
            || pattern.StartsWith("/api/api-keys", StringComparison.Ordinal) || pattern.StartsWith("/api/audit", StringComparison.Ordinal)
            => "admin",
        _ when pattern.StartsWith("/api/canned-replies", StringComparison.Ordinal) && method is not "GET" => "admin",
        _ => "agent",
    };

    private ApiClient ClientFor(string method, string pattern) => RoleOf(method, pattern) switch
    {
        "ops" => ours.Ops.Api,
        "admin" => ours.Admin.Api,
        _ => ours.Agent.Api,
    };

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
