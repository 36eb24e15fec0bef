using System.Text;
using System.Text.Json.Nodes;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Testing;
using MetaMessaging.WebUI.BackOffice;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.WebUI.Tests;

public sealed class OperationsTests(AppFixture fixture)
{
    [Fact]
    public async Task One_call_replays_the_failed_deliveries_of_a_time_span_and_reports_progress()
    {
        var tenant = await fixture.App.CreateTenantAsync();
        var at = fixture.App.Clock.GetUtcNow();
        foreach (var _ in Enumerable.Range(0, 3)) await SeedAsync(tenant.OrganizationId, fails: true);
        var other = await SeedAsync(tenant.OrganizationId, fails: false);

        var answer = await tenant.Ops.Api.PostAsync(
            "api/ops/webhook-deliveries/replay", new { state = "failed", from = at.AddMinutes(-1), to = at.AddMinutes(5) });

        Assert.Equal((202, 3), (answer.Status, (int)answer.Json["count"]!));
        var done = await Until.Found(
            async () => (await tenant.Ops.Api.GetAsync(answer.Location!.TrimStart('/'))).Json,
            r => (int)r["pending"]! == 0,
            "all are processed again");
        Assert.Equal(3, (int)done["count"]!);
        Assert.Equal(
            1,
            await fixture.App.InDatabaseAsync(
                db => db.WebhookDeliveries.Where(d => d.Id == other.Id).Select(d => d.Attempts).SingleAsync()));
    }

    [Theory]
    [InlineData("""{}""", "state")]
    [InlineData("""{"ids":[]}""", "ids")]
    [InlineData("""{"state":"pending"}""", "state")]
    [InlineData("""{"state":"failed","from":"2026-01-02T00:00:00Z","to":"2026-01-01T00:00:00Z"}""", "to")]
    public async Task An_invalid_replay_is_refused(string body, string field)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        var answer = await fixture.Admin.SendAsync(HttpMethod.Post, "api/ops/webhook-deliveries/replay", content);

        Assert.Equal(400, answer.Status);
        Assert.True(answer.Json["errors"]!.AsObject().ContainsKey(field), answer.ToString());
    }

    [Fact]
    public async Task The_list_filters_by_object_account_and_time()
    {
        var tenant = await fixture.App.CreateTenantAsync();
        var delivery = await SeedAsync(tenant.OrganizationId, fails: false, account: "5551");
        await SeedAsync(tenant.OrganizationId, fails: false, account: "5552");

        Assert.Equal([delivery.Id], await IdsAsync(tenant, "object=page&accountId=5551"));
        Assert.Equal([delivery.Id], await IdsAsync(tenant, $"q={delivery.Id}"));
        Assert.Empty(await IdsAsync(tenant, "object=instagram"));
        Assert.Empty(await IdsAsync(tenant, "from=2100-01-01T00:00:00Z"));
        Assert.Equal(2, (await IdsAsync(tenant, "to=2100-01-01T00:00:00Z")).Count());
        Assert.Equal(400, (await tenant.Ops.Api.GetAsync("api/ops/webhook-deliveries?from=yesterday")).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stored_messages_mid_finds_its_delivery_however_many_came_since(bool isReceived)
    {
        var tenant = await fixture.App.CreateTenantAsync();
        var mid = Some.Unique("m_old");
        var delivery = await SeedAsync(tenant.OrganizationId, fails: false, mid: mid);
        await fixture.App.InDatabaseAsync(async db =>
        {
            var conversation = Some.Conversation(organizationId: tenant.OrganizationId);
            var message = isReceived ? Some.Inbound(conversation, mid: mid) : Some.Sent(conversation, mid: mid);
            await db.SeedAsync(message);
            await db.Messages.Where(m => m.Id == message.Id).ExecuteUpdateAsync(set => set
                .SetProperty(m => m.WebhookDeliveryId, isReceived ? delivery.Id : null)
                .SetProperty(m => m.CreatedAt, delivery.ReceivedAt));
            return await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO webhook_deliveries
                    (id, received_at, payload, partition, organization_id, state, attempts, event_count, failed_events)
                SELECT max(id) + 60000, max(received_at), x'7b7d', 0, {tenant.OrganizationId}, 'Ignored', 1, 0, 0 FROM webhook_deliveries
                """);
        });

        Assert.Equal([delivery.Id], await IdsAsync(tenant, $"q={mid}"));
        Assert.Empty(await IdsAsync(tenant, $"q={Some.Unique("m_never")}"));
    }

    [Fact]
    public async Task A_refused_signature_is_counted_and_nothing_else_is_stored()
    {
        var before = await RefusedAsync();
        var stored = await fixture.App.InDatabaseAsync(db => db.WebhookDeliveries.CountAsync(d => d.AccountId == "forged"));

        for (var i = 0; i < 5; i++) Assert.Equal(
            403,
            (await fixture.App.Anonymous().DeliverAsync(
                Payload.Text("x", "m_forged", pageId: "forged"), Payload.Sign("other"u8, "wrong"))).Status);

        await Until.True(async () => await RefusedAsync() >= before + 5, "the refused ones are counted");
        Assert.Equal(stored, await fixture.App.InDatabaseAsync(db => db.WebhookDeliveries.CountAsync(d => d.AccountId == "forged")));
    }

    [Fact]
    public async Task A_key_with_the_ops_scope_may_read_the_metrics()
    {
        var tenant = await fixture.App.CreateTenantAsync();
        using var prometheus = fixture.App.Anonymous();
        prometheus.AccessToken = (string)(
            await tenant.Admin.Api.PostAsync("api/api-keys", new { name = "Prometheus", scopes = new[] { "ops" } })).Json["key"]!;

        var answer = await Until.Found(   // a request is counted only after its answer was sent
            () => prometheus.GetAsync("metrics"),
            metrics => metrics.Text.Contains("http_server_request_duration_seconds", StringComparison.Ordinal),
            "a request is counted");

        Assert.Equal((200, "text/plain"), (answer.Status, answer.ContentType));
        foreach (var name in new[]
        {
            "metamessaging_webhook_backlog", "metamessaging_webhook_lag_seconds", "metamessaging_webhook_deliveries{",
            "state=\"failed\"", "dotnet_",
        })
        {
            Assert.Contains(name, answer.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_metrics_need_the_ops_role()
    {
        var tenant = await fixture.App.CreateTenantAsync();
        using var anonymous = fixture.App.Anonymous();

        Assert.Equal(401, (await anonymous.GetAsync("metrics")).Status);
        Assert.Equal(403, (await tenant.Agent.Api.GetAsync("metrics")).Status);
        Assert.Equal(200, (await tenant.Ops.Api.GetAsync("metrics")).Status);
    }

    [Fact]
    public async Task A_body_can_be_downloaded_unchanged_by_users_who_see_the_delivery()
    {
        var (ours, theirs) = (await fixture.App.CreateTenantAsync(), await fixture.App.CreateTenantAsync());
        var delivery = await SeedAsync(ours.OrganizationId, fails: false);

        var answer = await ours.Ops.Api.GetAsync($"ops/webhooks/{delivery.Id}/payload");

        Assert.Equal((200, "application/octet-stream"), (answer.Status, answer.ContentType));
        Assert.StartsWith("attachment", answer.Headers["Content-Disposition"], StringComparison.Ordinal);
        Assert.Equal(delivery.Payload, answer.Bytes);
        Assert.Equal(404, (await theirs.Ops.Api.GetAsync($"ops/webhooks/{delivery.Id}/payload")).Status);
        Assert.Equal(404, (await theirs.Ops.Api.GetAsync($"ops/webhooks/{delivery.Id}")).Status);
        Assert.Equal(403, (await ours.Agent.Api.GetAsync($"ops/webhooks/{delivery.Id}/payload")).Status);
    }

    [Fact]
    public async Task Only_ops_see_the_link_from_a_message_to_its_delivery()
    {
        var tenant = await fixture.App.CreateTenantAsync();
        var both = await fixture.App.CreateMemberAsync(
            tenant.OrganizationId,
            $"{Some.Unique("both")}@example.com",
            Domain.Organizations.OrganizationRoles.Agent | Domain.Organizations.OrganizationRoles.Ops);
        var message = Some.Inbound(Some.Conversation(organizationId: tenant.OrganizationId));
        await fixture.App.InDatabaseAsync(async db => { await db.SeedAsync(message); return true; });

        Assert.Contains(
            $"/ops/messages/{message.Id}\"", (await both.Api.GetAsync($"inbox/messages/{message.Id}")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "/ops/messages/", (await tenant.Agent.Api.GetAsync($"inbox/messages/{message.Id}")).Text, StringComparison.Ordinal);
        var page = await tenant.Ops.Api.GetAsync($"ops/messages/{message.Id}");
        Assert.Equal(200, page.Status);
        Assert.Contains(message.ExternalId!, page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/inbox/", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_is_indented_and_its_letters_are_not_escaped()
    {
        var shown = DeliveryPayload.Of("""{"text":"Malmö 💙","n":1760000000001}"""u8.ToArray());

        Assert.Equal((PayloadKind.Json, false), (shown.Kind, shown.IsCut));
        Assert.Contains("\n  \"text\": \"Malmö", shown.Text, StringComparison.Ordinal);
        Assert.Contains("1760000000001", shown.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_length_of_the_write_ahead_log_is_shown()
    {
        var log = (await fixture.Admin.GetAsync("api/ops/webhook-deliveries/summary")).Json["writeAheadLog"]!;

        Assert.InRange((long)log["bytes"]!, 1, IStorageHealth.MaxUsualLogBytes);
        Assert.False((bool)log["isTooLong"]!);
    }

    [Fact]
    public void A_body_that_is_not_json_is_shown_as_text_or_else_as_bytes()
    {
        Assert.Equal(PayloadKind.Text, DeliveryPayload.Of("<b>hello</b>"u8.ToArray()).Kind);
        Assert.Equal(PayloadKind.Text, DeliveryPayload.Of([]).Kind);
        Assert.Equal(PayloadKind.Bytes, DeliveryPayload.Of("a\u001b[31mb"u8.ToArray()).Kind);
        Assert.Equal(
            ("000000  00 ff 41", PayloadKind.Bytes), (DeliveryPayload.Of([0, 255, 65]).Text[..16], DeliveryPayload.Of([0, 255, 65]).Kind));
    }

    [Fact]
    public void A_very_long_body_is_cut_at_the_end_of_a_line()
    {
        var body = Encoding.UTF8.GetBytes(new JsonArray([.. Enumerable.Range(0, 50_000).Select(i => (JsonNode)i)]).ToJsonString());

        var shown = DeliveryPayload.Of(body);

        Assert.True(shown is { IsCut: true, Kind: PayloadKind.Json });
        Assert.True(shown.Text.Length <= DeliveryPayload.MaxCharacters && shown.Size == body.Length);
        Assert.EndsWith(",", shown.Text, StringComparison.Ordinal);
        Assert.True(DeliveryPayload.Of(Encoding.UTF8.GetBytes(new string('x', 300_000))).IsCut);
    }

    private async Task<long> RefusedAsync() =>
        (long)(await fixture.Admin.GetAsync("api/ops/webhook-deliveries/summary")).Json["refusedSignatures"]!["last24Hours"]!;

    private static async Task<IEnumerable<long>> IdsAsync(Tenant tenant, string query) =>
        (await tenant.Ops.Api.GetAsync($"api/ops/webhook-deliveries?{query}")).Json["items"]!.AsArray().Select(d => (long)d!["id"]!);

    private Task<WebhookDelivery> SeedAsync(long organizationId, bool fails, string account = "404", string? mid = null) =>
        fixture.App.InDatabaseAsync(async db =>
        {
            var delivery = new WebhookDelivery(
                Payload.Text("hello", mid ?? Some.Unique("m_ops"), pageId: account), fixture.App.Clock.GetUtcNow());
            var outcome = new EventOutcome(
                fails ? EventOutcomeKind.Failed : EventOutcomeKind.Processed, null, organizationId)
            { AccountId = account };
            delivery.Finish("page", [outcome], fixture.App.Clock.GetUtcNow());
            await db.SeedAsync(delivery);
            return delivery;
        });
}
