using System.Text.Json.Nodes;
using MetaMessaging.Testing;

namespace MetaMessaging.WebUI.Tests;

/// <summary>A connected Page, shared by all tests, and a customer who has written, one for each test.</summary>
public sealed class MessagingTests(ConnectedPageFixture fixture) : IClassFixture<ConnectedPageFixture>
{
    [Fact]
    public async Task A_message_is_accepted_with_202_and_arrives_with_metas_id()
    {
        var (customer, conversationId) = await fixture.CustomerAsync();

        var answer = await fixture.Agent.PostAsync("api/messaging/send", new { conversationId, text = "Hello \ud83d\ude0d" });

        Assert.Equal(202, answer.Status);
        var id = (long)Assert.Single(answer.Json["messages"]!.AsArray())!["id"]!;
        var sent = await UntilAsync(id, "sent", "delivered", "read");
        Assert.StartsWith("m_", (string)sent["externalId"]!, StringComparison.Ordinal);
        Assert.Equal(["Hello \ud83d\ude0d"], (await fixture.Meta.Control.GetAcceptedAsync(customer)).Select(a => a.Text));
    }

    [Fact]
    public async Task A_call_that_prefers_to_wait_gets_the_outcome()
    {
        var (_, conversationId) = await fixture.CustomerAsync();

        var answer = await fixture.Agent.PostAsync("api/messaging/send", new { conversationId, text = "Hello" }, ("Prefer", "wait=20"));

        Assert.Equal(200, answer.Status);
        Assert.Contains((string)answer.Json["messages"]![0]!["status"]!, new[] { "sent", "delivered", "read" });
    }

    [Fact]
    public async Task A_call_that_waits_gets_the_reason_of_a_failure()
    {
        var (customer, conversationId) = await fixture.CustomerAsync();
        await fixture.Meta.Control.ChangeCustomerAsync(customer, new { blocked = true });

        var answer = await fixture.Agent.PostAsync("api/messaging/send", new { conversationId, text = "Hello" }, ("Prefer", "wait=20"));

        var message = answer.Json["messages"]![0]!;
        Assert.Equal((200, "failed", 551), (answer.Status, (string)message["status"]!, (int)message["error"]!["code"]!));
        Assert.Equal(
            ["actor", "code", "detail", "fbtraceId", "retryable", "subcode", "title"],
            message["error"]!.AsObject().Select(p => p.Key).Order());
        await fixture.Meta.Control.ChangeCustomerAsync(customer, new { blocked = false });
        var retried = await fixture.Agent.PostAsync($"api/messages/{(long)message["id"]!}/retry");
        Assert.Equal(202, retried.Status);
        await UntilAsync((long)message["id"]!, "sent", "delivered", "read");
        Assert.Equal(
            (409, "message_not_failed"), await StatusAndCodeAsync(fixture.Agent.PostAsync($"api/messages/{(long)message["id"]!}/retry")));
    }

    [Fact]
    public async Task Refusals_have_their_codes()
    {
        var (_, conversationId) = await fixture.CustomerAsync();

        Assert.Equal((404, "conversation_not_found"), await SendAsync(new { conversationId = 999999, text = "x" }));
        Assert.Equal((422, "no_content"), await SendAsync(new { conversationId, text = " " }));
        Assert.Equal(
            (422, "no_content"), await SendAsync(new { conversationId, text = "\u0000\u0007 \u200b\ufeff\n\u2060\u202e\u2066\u2069" }));
        Assert.Equal((422, "text_too_long"), await SendAsync(new { conversationId, text = new string('x', 2001) }));
        Assert.Equal((400, "validation_failed"), await SendAsync(new { text = "x" }));
        Assert.Equal((400, "malformed_request"), await SendAsync(new { conversationId = "twelve", text = "x" }));
        Assert.Equal((400, "malformed_request"), await SendAsync(new { conversationId, text = 5 }));
        var contactId = (long)(await fixture.Agent.GetAsync($"api/conversations/{conversationId}")).Json["contact"]!["id"]!;
        Assert.Equal((422, "recipient_unknown"), await SendAsync(new { contactId, channel = "instagramDm", text = "x" }));
        Assert.Equal((400, "malformed_request"), await SendAsync(new { contactId, channel = 1, text = "x" }));
        Assert.Equal(
            (400, "validation_failed"),
            await SendAsync(new { conversationId, text = "x", quickReplies = new[] { new { title = Emoji(21), payload = "x" } } }));
        Assert.Equal(
            (202, null),
            await SendAsync(new { conversationId, text = "x", quickReplies = new[] { new { title = Emoji(20), payload = "x" } } }));

        static string Emoji(int count) => string.Concat(Enumerable.Repeat("\ud83d\ude0d", count));
    }

    [Fact]
    public async Task Marking_as_read_sets_unread_to_zero_and_the_customer_sees_it()
    {
        var (customer, conversationId) = await fixture.CustomerAsync();

        Assert.Equal(204, (await fixture.Agent.PostAsync($"api/conversations/{conversationId}/read")).Status);

        Assert.Equal(0, (int)(await fixture.Agent.GetAsync($"api/conversations/{conversationId}")).Json["unreadCount"]!);

        Assert.Equal(204, (await fixture.Agent.PostAsync($"api/conversations/{conversationId}/unread")).Status);
        Assert.Equal(1, (int)(await fixture.Agent.GetAsync($"api/conversations/{conversationId}")).Json["unreadCount"]!);
        await Until.True(
            async () => (long)(await fixture.Meta.Control.GetCustomerAsync(customer))["seenByBusinessUpTo"]! > 0, "Meta got mark_seen");
    }

    [Fact]
    public async Task The_typing_indicator_shows_on_the_phone_until_it_is_turned_off()
    {
        var (customer, conversationId) = await fixture.CustomerAsync();

        Assert.Equal(204, (await fixture.Agent.PostAsync($"api/conversations/{conversationId}/typing", new { on = true })).Status);
        Assert.True((bool)(await fixture.Meta.Control.GetCustomerAsync(customer))["typing"]!);
        Assert.Equal(204, (await fixture.Agent.PostAsync($"api/conversations/{conversationId}/typing", new { on = false })).Status);

        Assert.False((bool)(await fixture.Meta.Control.GetCustomerAsync(customer))["typing"]!);
    }

    [Theory]
    [InlineData("messenger")]
    [InlineData("instagram")]
    public async Task A_reaction_shows_on_the_phone_and_in_the_thread_and_can_be_removed(string channel)
    {
        var (customer, conversationId) = await fixture.CustomerAsync(channel);
        var id = (long)(await fixture.Agent.GetAsync($"api/conversations/{conversationId}/messages")).Json["items"]![0]!["id"]!;

        foreach (var emoji in new[] { "\u2764\ufe0f", "\ud83e\udd70", null, null })
        {
            Assert.Equal(204, (await fixture.Agent.PostAsync($"api/messages/{id}/reaction", new { emoji })).Status);

            Assert.Equal(emoji, (string?)(await fixture.Meta.Control.GetCustomerAsync(customer))["messages"]![0]!["businessReaction"]);
            var reactions = (await fixture.Agent.GetAsync($"api/messages/{id}")).Json["reactions"]!.AsArray();
            Assert.Equal(emoji is null ? [] : [("business", emoji)], reactions.Select(r => ((string)r!["actor"]!, (string)r["emoji"]!)));
        }
    }

    [Fact]
    public async Task A_reaction_that_is_not_possible_is_refused_with_a_reason()
    {
        var (customer, conversationId) = await fixture.CustomerAsync();
        var id = (long)(await fixture.Agent.GetAsync($"api/conversations/{conversationId}/messages")).Json["items"]![0]!["id"]!;
        var sent = (long)(
            await fixture.Agent.PostAsync(
                "api/messaging/send", new { conversationId, text = "Hello" }, ("Prefer", "wait=20"))).Json["messages"]![0]!["id"]!;

        Assert.Equal(
            (400, "validation_failed"),
            await StatusAndCodeAsync(fixture.Agent.PostAsync($"api/messages/{id}/reaction", new { emoji = "haha" })));
        Assert.Equal((400, "malformed_request"), await StatusAndCodeAsync(fixture.Agent.PostAsync($"api/messages/{id}/reaction", new { })));
        Assert.Equal(
            (404, "message_not_found"),
            await StatusAndCodeAsync(fixture.Agent.PostAsync("api/messages/999999/reaction", new { emoji = "\u2764\ufe0f" })));
        Assert.Equal(
            (422, "reaction_not_possible"),
            await StatusAndCodeAsync(fixture.Agent.PostAsync($"api/messages/{sent}/reaction", new { emoji = "\u2764\ufe0f" })));
        await fixture.Meta.Control.ChangeCustomerAsync(customer, new { blocked = true });
        var refused = await fixture.Agent.PostAsync($"api/messages/{id}/reaction", new { emoji = "\u2764\ufe0f" });
        Assert.Equal((502, "meta_refused"), (refused.Status, refused.Code));
        Assert.NotEmpty((string)refused.Json["detail"]!);
        Assert.Empty((await fixture.Agent.GetAsync($"api/messages/{id}")).Json["reactions"]!.AsArray());
    }

    [Fact]
    public async Task A_conversation_is_closed_snoozed_and_assigned()
    {
        var (_, conversationId) = await fixture.CustomerAsync();
        var me = (long)(await fixture.Agent.GetAsync("api/me")).Json["id"]!;

        Assert.Equal("closed", (string)(await PatchAsync(new { status = "closed" })).Json["status"]!);
        Assert.Equal(
            "snoozed",
            (string)(await PatchAsync(new { status = "snoozed", snoozedUntil = fixture.App.Clock.Now.AddDays(1) })).Json["status"]!);
        Assert.Equal(me, (long)(await PatchAsync(new { assigneeId = me })).Json["assignee"]!["id"]!);
        Assert.Equal(400, (await PatchAsync(new { status = "unheard of" })).Status);
        Assert.Equal(400, (await PatchAsync(new { status = 1 })).Status);
        Assert.Equal(404, (await PatchAsync(new { assigneeId = 999999 })).Status);
        Assert.Equal(me, (long)(await PatchAsync(new { })).Json["assignee"]!["id"]!);
        Assert.Null((await PatchAsync(new { assigneeId = (long?)null })).Json["assignee"]);

        Task<Answer> PatchAsync(object changes) => fixture.Agent.PatchAsync($"api/conversations/{conversationId}", changes);
    }

    [Theory]
    [InlineData("api/conversations")]
    [InlineData("api/contacts")]
    [InlineData("api/ops/webhook-deliveries")]
    public async Task Lists_have_limits_and_cursors(string list)
    {
        await fixture.CustomerAsync();
        await fixture.CustomerAsync();

        var first = (await fixture.Agent.GetAsync($"{list}?limit=1")).Json;
        var second = (await fixture.Agent.GetAsync($"{list}?limit=1&cursor={first["nextCursor"]}")).Json;

        Assert.Equal(["items", "nextCursor"], first.AsObject().Select(p => p.Key).Order());
        Assert.NotEqual((long)first["items"]![0]!["id"]!, (long)second["items"]![0]!["id"]!);
        foreach (var bad in new[]
        {
            "limit=0", "limit=201", "limit=-1", "cursor=nonsense", "limit=many", "limit=99999999999", "cursor=%00",
            "cursor=..%2F..%2Fetc", "cursor=MS4", "cursor=LTEuMQ",
            "cursor=OTk5OTk5OTk5OTk5OTk5OTk5OTkuMQ", $"cursor={new string('A', 5000)}", "cursor=1'%20OR%201=1--", "cursor=%F0%9F%98%80",
        })
        {
            var answer = await fixture.Agent.GetAsync($"{list}?{bad}");
            Assert.True(answer is { Status: 400, ContentType: "application/problem+json" }, $"{bad}: {answer}");
        }

        Assert.Equal(200, (await fixture.Agent.GetAsync($"{list}?limit=200")).Status);
    }

    [Theory]
    [InlineData("api/conversations?channel=telegram")]
    [InlineData("api/conversations?channel=0")]
    [InlineData("api/conversations?status=unheard")]
    [InlineData("api/conversations?assignee=nobody")]
    [InlineData("api/conversations?unread=perhaps")]
    [InlineData("api/ops/webhook-deliveries?state=lost")]
    [InlineData("api/dashboard?from=yesterday")]
    [InlineData("api/dashboard?timeZone=Europe/Atlantis")]
    [InlineData("api/dashboard?from=2026-02-01&to=2026-01-01")]
    public async Task An_invalid_filter_is_400(string path)
    {
        var answer = await fixture.Agent.GetAsync(path);

        Assert.True(answer is { Status: 400, ContentType: "application/problem+json" }, answer.ToString());
    }

    [Fact]
    public async Task A_delivery_is_shown_with_its_body_and_a_replay_changes_nothing()
    {
        var (_, conversationId) = await fixture.CustomerAsync();
        var item = (await fixture.Agent.GetAsync("api/ops/webhook-deliveries?state=processed&limit=1")).Json["items"]![0]!;
        var id = (long)item["id"]!;

        var delivery = (await fixture.Agent.GetAsync($"api/ops/webhook-deliveries/{id}")).Json;
        var replayed = await fixture.Agent.PostAsync($"api/ops/webhook-deliveries/{id}/replay");

        Assert.Equal(
            ["accountId", "attempts", "error", "eventCount", "failedEvents", "id", "object", "processedAt", "receivedAt", "state"],
            item.AsObject()
                .Select(p => p.Key)
                .Order());
        Assert.Equal("page", (string)JsonNode.Parse((string)delivery["payload"]!)!["object"]!);
        Assert.Equal(202, replayed.Status);
        await Until.True(
            async () => (await fixture.Agent.GetAsync($"api/ops/webhook-deliveries/{id}")).Json is var delivery
                && (string)delivery["state"]! == "processed"
                && (int)delivery["attempts"]! == 2,
            "it is processed again");
        Assert.Single((await fixture.Agent.GetAsync($"api/conversations/{conversationId}/messages")).Json["items"]!.AsArray());
    }

    private async Task<(int, string?)> SendAsync(object body) =>
        await StatusAndCodeAsync(fixture.Agent.PostAsync("api/messaging/send", body));

    private static async Task<(int, string?)> StatusAndCodeAsync(Task<Answer> answer) => ((await answer).Status, (await answer).Code);

    private Task<JsonNode> UntilAsync(long messageId, params string[] statuses) => Until.Found(
        async () => (await fixture.Agent.GetAsync($"api/messages/{messageId}")).Json,
        message => statuses.Contains((string)message["status"]!),
        $"it is {statuses[0]}");
}
