using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.WebUI.Tests;

public sealed class FailedMessagesTests(AppFixture fixture)
{
    [Fact]
    public async Task Failed_messages_are_listed_over_all_conversations_with_reason_customer_and_page()
    {
        var (tenant, message) = await SeedAsync();

        var answer = await tenant.Agent.Api.GetAsync("api/messages?status=failed&class=parameter&channel=facebookMessenger&limit=10");

        var failed = Assert.Single(answer.Json["items"]!.AsArray())!;
        Assert.Equal((message.Id, "failed"), ((long)failed["message"]!["id"]!, (string)failed["message"]!["status"]!));
        Assert.Equal(
            ("parameter", message.ConnectionId, "Blue Cup Coffee"),
            ((string)failed["class"]!, (long)failed["connectionId"]!, (string)failed["pageName"]!));
        Assert.NotNull(failed["contact"]!["name"]);
        Assert.Empty((await tenant.Agent.Api.GetAsync("api/messages?status=failed&class=window")).Json["items"]!.AsArray());
    }

    [Theory]
    [InlineData("api/messages", "status")]
    [InlineData("api/messages?status=sent", "status")]
    [InlineData("api/messages?status=failed&limit=0", "limit")]
    [InlineData("api/messages?status=failed&from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "to")]
    public async Task An_invalid_filter_is_refused(string path, string field)
    {
        var answer = await fixture.Admin.GetAsync(path);

        Assert.Equal(400, answer.Status);
        Assert.True(answer.Json["errors"]!.AsObject().ContainsKey(field), answer.ToString());
    }

    [Fact]
    public async Task One_call_retries_many_messages_and_names_those_that_are_refused()
    {
        var (tenant, message) = await SeedAsync(lastInboundDaysAgo: 8);

        var answer = await tenant.Agent.Api.PostAsync("api/messages/retry", new { ids = new[] { message.Id, 999_999 } });

        Assert.Equal((202, 0, 0), (answer.Status, (int)answer.Json["retried"]!, (int)answer.Json["left"]!));
        Assert.Equal(
            (message.Id, "outside_messaging_window"),
            ((long)answer.Json["refused"]![0]!["messageId"]!, (string)answer.Json["refused"]![0]!["code"]!));
        Assert.Equal(400, (await tenant.Agent.Api.PostAsync("api/messages/retry", new { })).Status);
    }

    [Fact]
    public async Task The_page_shows_what_failed_why_and_who_can_act()
    {
        var (tenant, message) = await SeedAsync();

        var page = await tenant.Agent.Api.GetAsync("inbox/failed");

        Assert.Equal(200, page.Status);
        Assert.Contains($"data-failed=\"{message.Id}\"", page.Text, StringComparison.Ordinal);
        Assert.Contains($"/inbox/{message.ConversationId}#message-{message.Id}", page.Text, StringComparison.Ordinal);
        Assert.Contains("Content refused.", page.Text, StringComparison.Ordinal);
        Assert.Contains("Sending it again does not help.", page.Text, StringComparison.Ordinal);
        Assert.Contains("data-failed-count>1<", (await tenant.Agent.Api.GetAsync("inbox")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "data-failed=", (await tenant.Agent.Api.GetAsync("inbox/failed?class=window")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ops_see_refusals_and_the_remaining_allowance_of_each_page()
    {
        var (tenant, message) = await SeedAsync();
        await fixture.App.InDatabaseAsync(async db =>
        {
            db.SendRefusals.Add(
                new SendRefusal(message, Some.Refusal(RefusalClass.Rate) with { Code = 613, Subcode = null }, fixture.App.Clock.Now));
            (await db.Connections.SingleAsync(c => c.Id == message.ConnectionId)).PauseSends(
                TimeSpan.FromHours(1), fixture.App.Clock.Now, fixture.App.Clock.Now, 0);
            return await db.SaveChangesAsync();
        });

        var sending = (await tenant.Ops.Api.GetAsync("api/ops/sending")).Json;
        var page = await tenant.Ops.Api.GetAsync("ops/sending");

        Assert.Equal(
            ("rate", 613, 1, 1),
            (
                (string)sending["refusals"]![0]!["class"]!,
                (int)sending["refusals"]![0]!["code"]!,
                (int)sending["refusals"]![0]!["last24Hours"]!,
                (int)sending["refusals"]![0]!["last7Days"]!));
        Assert.NotNull(sending["pages"]![0]!["sendsPausedUntil"]);
        Assert.Equal(100, (int)sending["pages"]![0]!["accounts"]![0]!["allowance"]!["calls"]![0]!["perSecond"]!);
        Assert.Equal(200, page.Status);
        Assert.Contains("data-refusal=\"Rate\"", page.Text, StringComparison.Ordinal);
        Assert.Contains("data-paused", page.Text, StringComparison.Ordinal);
        Assert.Equal(403, (await tenant.Agent.Api.GetAsync("api/ops/sending")).Status);
    }

    [Fact]
    public async Task An_agent_sees_that_the_page_is_rate_limited_and_until_when()
    {
        var (tenant, message) = await SeedAsync();
        await fixture.App.InDatabaseAsync(async db =>
        {
            (await db.Connections.SingleAsync(c => c.Id == message.ConnectionId)).PauseSends(
                TimeSpan.FromHours(1), fixture.App.Clock.Now, fixture.App.Clock.Now, 0);
            return await db.SaveChangesAsync();
        });

        var sent = (
            await tenant.Agent.Api.PostAsync(
                "api/messaging/send", new { conversationId = message.ConversationId, text = "Hello" })).Json["messages"]![0]!;
        var waiting = await Until.Found(
            async () => (await tenant.Agent.Api.GetAsync($"api/messages/{(long)sent["id"]!}")).Json,
            message => message["error"] is not null,
            "the message says that it waits");
        var page = await tenant.Agent.Api.GetAsync($"inbox/{message.ConversationId}");

        Assert.Equal(("queued", "wait"), ((string)waiting["status"]!, (string)waiting["error"]!["actor"]!));
        Assert.NotNull(waiting["nextAttemptAt"]);
        Assert.Contains("data-sends-paused", page.Text, StringComparison.Ordinal);
        Assert.Contains("data-goes-on", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_meta_restricts_a_page_agents_and_ops_see_until_when()
    {
        var (tenant, message) = await SeedAsync();
        await fixture.App.InDatabaseAsync(async db =>
        {
            (await db.Connections.SingleAsync(c => c.Id == message.ConnectionId)).ApplySendRefusal(
                Some.Refusal(RefusalClass.Restricted), message.Channel, fixture.App.Clock.Now);
            return await db.SaveChangesAsync();
        });

        var refused = await tenant.Agent.Api.PostAsync(
            "api/messaging/send", new { conversationId = message.ConversationId, text = "Hello" });
        var page = await tenant.Agent.Api.GetAsync($"inbox/{message.ConversationId}");

        Assert.Equal((409, "sending_blocked"), (refused.Status, (string)refused.Json["code"]!));
        Assert.Contains("data-restricted", page.Text, StringComparison.Ordinal);
        Assert.Contains("data-restricted", (await tenant.Ops.Api.GetAsync("ops/sending")).Text, StringComparison.Ordinal);
    }

    private async Task<(Tenant Tenant, Message Failed)> SeedAsync(int lastInboundDaysAgo = 0)
    {
        var tenant = await fixture.App.CreateTenantAsync();
        var failed = await fixture.App.InDatabaseAsync(async db =>
        {
            var now = fixture.App.Clock.Now;
            var conversation = Some.Conversation(lastInboundAt: now.AddMinutes(-5), organizationId: tenant.OrganizationId);
            var message = conversation.Compose(new MessageDraft("Hello"), Some.Agent, now)[0];
            message.TryClaim(now);
            message.Fail(Some.Refusal(RefusalClass.Parameter));
            await db.SeedAsync(message);
            if (lastInboundDaysAgo > 0)
            {
                var longAgo = now.AddDays(-lastInboundDaysAgo);
                await db.Conversations.Where(c => c.Id == conversation.Id).ExecuteUpdateAsync(
                    set => set.SetProperty(c => c.LastInboundAt, longAgo));
            }

            return message;
        });
        return (tenant, failed);
    }
}
