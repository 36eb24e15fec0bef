using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.WebUI.Tests;

/// <summary>
/// Calls every route, page and job, and explains each of their statements: without statistics, and with those of ten million messages.
/// </summary>
public sealed partial class QueryPlanTests : IAsyncLifetime
{
    /// <summary>Statements that read many rows, and why they may; by a part of their text.</summary>
    private static readonly (string Part, string Reason)[] Exceptions =
    [
        (""" "c0"."snoozed_until" """, "Few conversations are snoozed."),
        (""" "snoozed_until" <= @now""", "Few conversations are snoozed."),
        ("""<= CASE WHEN "c"."withdrawn_after" """, "Most conversations are read."),
        (""" "w"."object" = @object""", "There are two, and each has many deliveries."),
        (""" "m"."sent_at" """, "A receipt covers all messages of a conversation that were sent since the one before."),
        (""" "m"."direction" <> 'Inbound' AND "m"."status" <> 'Failed' """, "Customer and business take turns."),
        (""" "m"."direction" = 'Inbound' ORDER BY "m"."occurred_at" LIMIT 1""", "Customer and business take turns."),
        (""" "m"."direction" = 'Inbound' AND "m"."occurred_at" > @time """, "Customer and business take turns."),
        (""" "r"."conversation_id" IN """, "Between the first and the last receipt of a batch lie seconds."),

        // Counts over a whole history, and the upkeep of profiles and deliveries.
        ("SELECT COUNT(*) FROM ", "Count."),
        ("""FROM "send_refusals" AS "s" """, "Figures of a week."),
        (""" "c0"."profile_due_at" IS NULL""", "Profiles."), (""" "w"."received_at" < @keepFrom""", "Retention."),
    ];

    private static readonly string[] InboxFilters =
        ["status=closed", "status=open", "assignee=me", "assignee=none", "unread=true", "mentioned=true", "q=Some"];

    private readonly StatementRecorder recorder = new();
    private readonly HashSet<string> usedExceptions = [];
    private Simulator meta = null!;
    private App app = null!;
    private ApiClient admin = null!;
    private JsonNode document = null!;
    private Owned ours = null!;

    public async ValueTask InitializeAsync()
    {
        meta = await Simulator.StartAsync();
        app = await App.StartAsync(
            meta, services: s => s.ConfigureDbContext<SqliteAppDbContext>(options => options.AddInterceptors(recorder)));
        admin = await app.SignInAsync();
        await AppFixture.ConfigureAsync(app, admin, meta);
        document = (await app.Anonymous().GetAsync("openapi/v1.json")).Json;
        var tenant = await app.CreateTenantAsync();
        await SeedAsync(tenant.OrganizationId, Some.Unique("2098"));
        ours = await SeedAsync(1, Some.PageId);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await meta.DisposeAsync();
    }

    [Fact]
    public async Task No_statement_reads_many_rows_that_it_does_not_need()
    {
        await CallReadingRoutesAsync();
        await ReceiveAsync();
        await RunJobsAsync();
        await CallWritingRoutesAsync();
        await RunJobsAsync();

        var problems = Explain("without statistics", maxRowsOfValue: null)
            .Concat(Explain("with the app's statistics", maxRowsOfValue: 1001))
            .Concat(Explain("with full statistics", maxRowsOfValue: long.MaxValue)).ToList();

        Assert.True(problems.Count == 0, $"{problems.Count} of {recorder.Statements.Count}\n{string.Join("\n\n", problems)}");
        Assert.Empty(Exceptions.Where(e => !usedExceptions.Contains(e.Part)).Select(e => $"No longer needed: {e.Part}"));
    }

    private List<string> Explain(string when, long? maxRowsOfValue)
    {
        using var folder = new TestFolder();
        var copy = folder.File("plans.db");
        using (var original = new SqliteConnection($"Data Source={app.DatabaseFile};Pooling=False"))
        {
            original.Open();
            using var vacuum = original.CreateCommand();
            vacuum.CommandText = "VACUUM INTO @copy";
            vacuum.Parameters.AddWithValue("@copy", copy);
            vacuum.ExecuteNonQuery();
        }

        using (var open = new SqliteConnection($"Data Source={copy};Pooling=False"))
        {
            open.Open();
            using var analyze = open.CreateCommand();
            analyze.CommandText = "ANALYZE; DELETE FROM sqlite_stat1";
            analyze.ExecuteNonQuery();
            if (maxRowsOfValue is { } max) PlannerStatistics.Write(open, max);
        }

        using var database = new SqliteConnection($"Data Source={copy};Pooling=False");
        database.Open();
        database.CreateFunction("search_tokens", (object? a, object? b, object? c, object? d, object? e, object? f) => "");
        foreach (var function in new[] { "ef_compare", "ef_mod" }) database.CreateFunction(function, (object? a, object? b) => 0);
        return
        [
            .. from statement in recorder.Statements.Values.OrderBy(s => s.Sql, StringComparer.Ordinal)
               where FirstWord().IsMatch(statement.Sql)
               from problem in QueryPlan.ProblemsOf(statement, database)
               where !IsExcepted(statement)
               group problem by statement into of
               select $"{when}, {of.Key.Caller}: {string.Join("; ", of)}\n{of.Key.Sql}",
        ];
    }

    private bool IsExcepted(Recorded statement)
    {
        var sql = Space().Replace(statement.Sql, " ");
        var parts = Exceptions.Select(e => e.Part).Where(part => sql.Contains(part.Trim(), StringComparison.Ordinal)).ToList();
        usedExceptions.UnionWith(parts);
        return parts.Count > 0;
    }

    /// <summary>Every GET, with each value of each filter, and the page behind the first.</summary>
    private async Task CallReadingRoutesAsync()
    {
        using var browser = app.Anonymous(cookies: true);
        await browser.SignInByFormAsync(App.AdminEmail, App.Password);
        var tenantOps = await app.CreateMemberAsync(1, "ops@example.com", Domain.Organizations.OrganizationRoles.All);
        foreach (var (method, pattern) in Routes().Where(r => r.Method is "GET"))
        {
            if (OtherPrograms().IsMatch(pattern)) continue;
            foreach (var address in AddressesOf(method, pattern))
            {
                recorder.Caller = $"GET {address}";
                var answer = await browser.GetAsync(address);
                await tenantOps.Api.GetAsync(address);
                if (!pattern.StartsWith("/api/", StringComparison.Ordinal) || answer.ContentType is not "application/json") continue;
                if (answer.Json is JsonObject page && (string?)page["nextCursor"] is { } cursor)
                    await browser.GetAsync($"{address}&cursor={cursor}");
            }
        }
    }

    private IEnumerable<string> AddressesOf(string method, string pattern)
    {
        var path = WithIds(pattern).TrimStart('/');
        yield return path;
        var parameters = document["paths"]![Parameter().Replace(pattern, "{$1}")]?[method.ToLowerInvariant()]?["parameters"]?.AsArray()
            .Where(p => (string?)p!["in"] is "query").ToDictionary(p => (string)p!["name"]!, ValuesOf) ?? [];
        if (parameters.ContainsKey("limit")) yield return $"{path}?limit=1";
        foreach (var (name, values) in parameters.Where(p => p.Key is not ("limit" or "cursor")))
            foreach (var value in values) yield return $"{path}?limit=1&{name}={value}";
        if (pattern.StartsWith("/inbox", StringComparison.Ordinal))
        {
            foreach (var filter in InboxFilters)
                yield return $"{path}?{filter}";
        }
    }

    private IEnumerable<string> ValuesOf(JsonNode? parameter)
    {
        var name = (string)parameter!["name"]!;
        var schema = parameter["schema"];
        if (schema?["$ref"] is { } reference) schema = document["components"]!["schemas"]![((string)reference!).Split('/')[^1]];
        if (schema?["enum"]?.AsArray() is { } choices) return choices.Where(c => c is not null).Select(c => (string)c!);
        return name switch
        {
            "assignee" => ["me", "none", "1"],
            "connectionId" => [Text(ours.Conversation.ConnectionId)],
            "from" or "to" => ["2025-10-09", "2025-10-09T00:00:00Z"],
            "timeZone" => ["Europe/Berlin"],
            "q" => ["Some", "7654"],
            _ when schema?.ToJsonString().Contains("boolean", StringComparison.Ordinal) is true => ["true", "false"],
            _ => [parameter["example"] is JsonValue example ? example.ToString() : "1"],
        };
    }

    private async Task CallWritingRoutesAsync()
    {
        var token = "";
        using var browser = app.Anonymous(cookies: true);
        await browser.SignInByFormAsync(App.AdminEmail, App.Password);
        token = (await browser.GetAsync("settings/profile", ("Accept", "text/html"))).AntiforgeryToken;
        foreach (var (method, pattern) in Routes().Where(r => r.Method is not "GET").OrderBy(r => r.Method is "DELETE"))
        {
            if (OtherPrograms().IsMatch(pattern) || EndsSession().IsMatch(pattern)) continue;
            var operation = document["paths"]![Parameter().Replace(pattern, "{$1}")]?[method.ToLowerInvariant()];
            var example = operation?["requestBody"]?["content"]?["application/json"]?["example"];
            HttpContent? body = pattern == "/api/attachments"
                ? new MultipartFormDataContent { { new ByteArrayContent([1]), "file", "x.png" } }
                : example is null ? null : JsonContent.Create(WithOwnIds(example));
            recorder.Caller = $"{method} {pattern}";
            await browser.SendAsync(new HttpMethod(method), WithIds(pattern).TrimStart('/'), body, ("X-CSRF-TOKEN", token));
            if (method is "DELETE" || pattern.EndsWith("erase", StringComparison.Ordinal)) ours = await SeedAsync(1, Some.Unique("2099"));
        }
    }

    /// <summary>The document's example, about rows that there are.</summary>
    private JsonNode WithOwnIds(JsonNode example)
    {
        var body = example.DeepClone();
        (string, long)[] ids =
        [
            ("conversationId", ours.Conversation.Id), ("otherContactId", ours.OtherContactId), ("assigneeId", 1), ("agentId", 1),
        ];
        foreach (var (name, id) in ids)
            if (body is JsonObject fields && fields.ContainsKey(name)) fields[name] = id;
        if (body is JsonObject sending && sending.ContainsKey("attachmentIds")) sending.Remove("attachmentIds");
        if (body is JsonObject reply) reply.Remove("replyToMessageId");
        return body;
    }

    /// <summary>What Meta sends: messages, receipts, reactions, changes.</summary>
    private async Task ReceiveAsync()
    {
        recorder.Caller = "inbound";
        MetaEvent[][] deliveries =
        [
            [MetaEvent.Text("m_plan1", "Hello", 1), MetaEvent.Text("m_plan2", "Hi", 2)],
            [MetaEvent.Reaction("m_plan1", "❤", 3), MetaEvent.Edit("m_plan2", "Hello again", 1, 4)],
            [MetaEvent.Reaction("m_unknown", "❤", 4)],
            [MetaEvent.Echo("m_plan3", "An answer", 5)],
            [MetaEvent.Delivered(6, "m_plan3"), MetaEvent.Read(7)],
            [MetaEvent.Unsend("m_plan2", 8)],
        ];
        foreach (var body in deliveries.SelectMany(d => MetaEvent.Deliver(d)).Concat(Payload.Names.Select(Payload.Read)))
            await admin.DeliverAsync(body, Payload.Sign(body, SimulatorOptions.DefaultAppSecret));
        await Until.True(
            async () => await app.InDatabaseAsync(db => db.WebhookDeliveries.AllAsync(d => d.State != WebhookDeliveryState.Pending)),
            "all deliveries are processed");
    }

    private async Task RunJobsAsync()
    {
        var recurring = app.Services.GetServices<IRecurringJob>().Cast<IJob>();
        var others = typeof(IJob).Assembly.GetTypes().Where(t => t.IsAssignableTo(typeof(IJob)) && !t.IsAssignableTo(typeof(IRecurringJob)))
            .Select(t => (Type: t, Parameters: t.GetConstructors().FirstOrDefault()?.GetParameters() ?? []))
            .Where(t => t.Parameters is [{ } only] && only.ParameterType == typeof(long))
            .Select(t => (IJob)Activator.CreateInstance(t.Type, IdOf(t.Parameters[0].Name!))!);
        foreach (var job in recurring.Concat(others).ToList())
        {
            recorder.Caller = job.ToString()!;
            await using var scope = app.Services.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<OrganizationScope>().EnterAllOrganizations();
            await scope.ServiceProvider.GetRequiredService<IMediator>().Send(job, TestContext.Current.CancellationToken);
        }
    }

    private IEnumerable<(string Method, string Pattern)> Routes() => app.Services.GetServices<EndpointDataSource>()
        .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [])
            .Select(method => (method, "/" + endpoint.RoutePattern.RawText!.TrimStart('/'))))
        .Distinct();

    private string WithIds(string pattern) => Parameter().Replace(pattern, place => place.Groups[1].Value is var name && name is not "id"
        ? Text(IdOf(char.ToUpperInvariant(name[0]) + name[1..]))
        : Text(IdOf(Owners.FirstOrDefault(o => pattern.Contains($"/{o.Path}/", StringComparison.Ordinal)).Id ?? "")));

    private static readonly (string Path, string Id)[] Owners =
    [
        ("messages", "MessageId"), ("attachments", "AttachmentId"), ("contacts", "ContactId"),
        ("conversations", "ConversationId"), ("inbox", "ConversationId"),
        ("webhook-deliveries", "DeliveryId"), ("webhooks", "DeliveryId"), ("connections", "ConnectionId"), ("integrations", "ConnectionId"),
    ];

    private long IdOf(string name) => name switch
    {
        "ConversationId" => ours.Conversation.Id,
        "MessageId" => ours.Failed.Id,
        "ContactId" => ours.Conversation.ContactId,
        "AttachmentId" => ours.Attachment.Id,
        "DeliveryId" => ours.Delivery.Id,
        "ConnectionId" => ours.Conversation.ConnectionId,
        _ => 1,
    };

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    private Task<Owned> SeedAsync(long organizationId, string pageId) => app.InDatabaseAsync(async db =>
    {
        var now = app.Clock.Now;
        var page = Some.Connection(pageId, Some.Unique("1784"), organizationId);
        var conversation = Some.Conversation(now, page);
        var other = Some.Conversation(now, page, Channel.InstagramDm);
        var failed = Some.Failed(conversation);
        var picture = Some.Inbound(conversation, null, null, null, new AttachmentContent("image", "https://scontent.xx.fbcdn.net/1.jpg"));
        var delivery = new WebhookDelivery(Payload.Text("Hello", Some.Unique("m_")), now);
        delivery.Finish("page", [EventOutcome.Processed with { OrganizationId = organizationId }], now);
        var failedDelivery = new WebhookDelivery(Payload.Text("Hello", Some.Unique("m_")), now);
        failedDelivery.Finish("page", [EventOutcome.Failed("A reason")], now);
        await db.SeedAsync(
            failed, picture, Some.Inbound(other), Some.Queued(conversation), Some.Sent(conversation), delivery, failedDelivery);
        return new Owned(conversation, other.ContactId, failed, picture.Attachments[0], delivery);
    });

    [GeneratedRegex(@"\{(\w+)[^}]*\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("^/api/docs|hangfire")]
    private static partial Regex OtherPrograms();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@"^\s*(SELECT|UPDATE|DELETE|WITH)\b")]
    private static partial Regex FirstWord();

    /// <summary>What would sign the caller out, or end the organization.</summary>
    [GeneratedRegex("logout|/account/|password|sessions|two-factor|members/{userId|organizations/{id|organization$|setup")]
    private static partial Regex EndsSession();

    private sealed record Owned(
        Conversation Conversation, long OtherContactId, Message Failed, MessageAttachment Attachment, WebhookDelivery Delivery);
}
