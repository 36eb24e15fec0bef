using System.Text.Json;
using System.Text.Json.Nodes;
using MetaMessaging.Testing;

namespace MetaMessaging.WebUI.Tests;

/// <summary>With a connected Page and a customer who has written; one world for the class, one customer a test.</summary>
public sealed class MessagingTests(MessagingTests.World world) : IClassFixture<MessagingTests.World>
{
    private const string Time = @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$";

    [Fact]
    public async Task A_message_is_accepted_with_202_and_arrives_with_metas_id()
    {
        var (customer, conversationId) = await world.CustomerAsync();

        var answer = await world.Agent.PostAsync("api/messaging/send", new { conversationId, text = "Hello \ud83d\ude0d" });

        Assert.Equal(202, answer.Status);
        var id = (long)Assert.Single(answer.Json["messages"]!.AsArray())!["id"]!;
        var sent = await UntilAsync(id, "sent", "delivered", "read");
        Assert.StartsWith("m_", (string)sent["externalId"]!, StringComparison.Ordinal);
        Assert.Equal(["Hello \ud83d\ude0d"], (await world.Meta.Control.GetAcceptedAsync(customer)).Select(a => a.Text));
    }

    [Fact]
    public async Task Who_prefers_to_wait_gets_the_outcome()
    {
        var (_, conversationId) = await world.CustomerAsync();

        var answer = await world.Agent.PostAsync("api/messaging/send", new { conversationId, text = "Hello" }, ("Prefer", "wait=20"));

        Assert.Equal(200, answer.Status);
        Assert.Contains((string)answer.Json["messages"]![0]!["status"]!, new[] { "sent", "delivered", "read" });
    }

    [Fact]
    public async Task Who_waits_for_a_failure_gets_its_reason()
    {
        var (customer, conversationId) = await world.CustomerAsync();
        await world.Meta.Control.ChangeCustomerAsync(customer, new { blocked = true });

        var answer = await world.Agent.PostAsync("api/messaging/send", new { conversationId, text = "Hello" }, ("Prefer", "wait=20"));

        var message = answer.Json["messages"]![0]!;
        Assert.Equal((200, "failed", 551), (answer.Status, (string)message["status"]!, (int)message["error"]!["code"]!));
        Assert.Equal(["actor", "code", "detail", "fbtraceId", "retryable", "subcode", "title"], message["error"]!.AsObject().Select(p => p.Key).Order());
        await world.Meta.Control.ChangeCustomerAsync(customer, new { blocked = false });
        var retried = await world.Agent.PostAsync($"api/messages/{(long)message["id"]!}/retry");
        Assert.Equal(202, retried.Status);
        await UntilAsync((long)message["id"]!, "sent", "delivered", "read");
        Assert.Equal((409, "message_not_failed"), await StatusAndCodeAsync(world.Agent.PostAsync($"api/messages/{(long)message["id"]!}/retry")));
    }

    [Fact]
    public async Task Refusals_have_their_codes()
    {
        var (_, conversationId) = await world.CustomerAsync();

        Assert.Equal((404, "conversation_not_found"), await SendAsync(new { conversationId = 999999, text = "x" }));
        Assert.Equal((422, "no_content"), await SendAsync(new { conversationId, text = " " }));
        Assert.Equal((422, "text_too_long"), await SendAsync(new { conversationId, text = new string('x', 2001) }));
        Assert.Equal((400, "validation_failed"), await SendAsync(new { text = "x" }));
        Assert.Equal((400, "malformed_request"), await SendAsync(new { conversationId = "twelve", text = "x" }));
        Assert.Equal((400, "malformed_request"), await SendAsync(new { conversationId, text = 5 }));
        var contactId = (long)(await world.Agent.GetAsync($"api/conversations/{conversationId}")).Json["contact"]!["id"]!;
        Assert.Equal((422, "recipient_unknown"), await SendAsync(new { contactId, channel = "instagramDm", text = "x" }));
        Assert.Equal((400, "malformed_request"), await SendAsync(new { contactId, channel = 1, text = "x" }));
        Assert.Equal((400, "validation_failed"), await SendAsync(new { conversationId, text = "x", quickReplies = new[] { new { title = Emoji(21), payload = "x" } } }));
        Assert.Equal((202, null), await SendAsync(new { conversationId, text = "x", quickReplies = new[] { new { title = Emoji(20), payload = "x" } } }));

        static string Emoji(int count) => string.Concat(Enumerable.Repeat("\ud83d\ude0d", count));
    }

    [Fact]
    public async Task A_message_is_as_the_contract_says()
    {
        var (_, conversationId) = await world.CustomerAsync();

        var message = (await world.Agent.GetAsync($"api/conversations/{conversationId}/messages")).Json["items"]![0]!.AsObject();

        foreach (var name in new[]
        {
            "id", "conversationId", "channel", "direction", "status", "origin", "externalId", "text", "replyTo", "attachments", "reactions", "quickReplyPayload",
            "postback", "referral", "isDeleted", "editedAt", "sentAt", "deliveredAt", "readAt", "error", "sender",
        }) Assert.True(message.ContainsKey(name), name);
        Assert.Equal(("facebookMessenger", "inbound", "received", "contact"), ((string)message["channel"]!, (string)message["direction"]!, (string)message["status"]!, (string)message["origin"]!));
        Assert.Equal((JsonValueKind.Number, JsonValueKind.String), (message["id"]!.GetValueKind(), message["externalId"]!.GetValueKind()));
        Assert.Matches(Time, (string)message["sentAt"]!);
    }

    [Fact]
    public async Task A_conversation_is_as_the_contract_says()
    {
        var (_, conversationId) = await world.CustomerAsync();

        var conversation = (await world.Agent.GetAsync($"api/conversations/{conversationId}")).Json.AsObject();

        foreach (var name in new[] { "id", "channel", "status", "contact", "connectionId", "assignee", "unreadCount", "lastMessage", "lastMessageAt", "window" })
            Assert.True(conversation.ContainsKey(name), name);
        Assert.Equal(("open", 1, "open"), ((string)conversation["status"]!, (int)conversation["unreadCount"]!, (string)conversation["window"]!["state"]!));
        Assert.Matches(Time, (string)conversation["window"]!["closesAt"]!);
        Assert.Matches(Time, (string)conversation["window"]!["humanAgentUntil"]!);
    }

    [Fact]
    public async Task A_contact_is_as_the_contract_says()
    {
        var (customer, conversationId) = await world.CustomerAsync();
        var contactId = (long)(await world.Agent.GetAsync($"api/conversations/{conversationId}")).Json["contact"]!["id"]!;

        var contact = (await world.Agent.GetAsync($"api/contacts/{contactId}")).Json.AsObject();

        foreach (var name in new[] { "id", "name", "avatarUrl", "profileState", "facebook", "instagram", "conversations" }) Assert.True(contact.ContainsKey(name), name);
        Assert.Equal((Some.PageId, customer), ((string)contact["facebook"]![0]!["pageId"]!, (string)contact["facebook"]![0]!["psid"]!));
    }

    [Fact]
    public async Task Reading_sets_unread_to_zero_and_the_customer_sees_it()
    {
        var (customer, conversationId) = await world.CustomerAsync();

        Assert.Equal(204, (await world.Agent.PostAsync($"api/conversations/{conversationId}/read")).Status);

        Assert.Equal(0, (int)(await world.Agent.GetAsync($"api/conversations/{conversationId}")).Json["unreadCount"]!);
        await Until.True(async () => (long)(await world.Meta.Control.GetCustomerAsync(customer))["seenByBusinessUpTo"]! > 0, "Meta got mark_seen");
    }

    [Fact]
    public async Task Typing_shows_on_the_phone_until_it_is_taken_back()
    {
        var (customer, conversationId) = await world.CustomerAsync();

        Assert.Equal(204, (await world.Agent.PostAsync($"api/conversations/{conversationId}/typing", new { on = true })).Status);
        Assert.True((bool)(await world.Meta.Control.GetCustomerAsync(customer))["typing"]!);
        Assert.Equal(204, (await world.Agent.PostAsync($"api/conversations/{conversationId}/typing", new { on = false })).Status);

        Assert.False((bool)(await world.Meta.Control.GetCustomerAsync(customer))["typing"]!);
    }

    [Theory]
    [InlineData("messenger")]
    [InlineData("instagram")]
    public async Task A_reaction_shows_on_the_phone_and_in_the_thread_and_can_be_taken_back(string channel)
    {
        var (customer, conversationId) = await world.CustomerAsync(channel);
        var id = (long)(await world.Agent.GetAsync($"api/conversations/{conversationId}/messages")).Json["items"]![0]!["id"]!;

        foreach (var emoji in new[] { "\u2764\ufe0f", "\ud83e\udd70", null, null })
        {
            Assert.Equal(204, (await world.Agent.PostAsync($"api/messages/{id}/reaction", new { emoji })).Status);

            Assert.Equal(emoji, (string?)(await world.Meta.Control.GetCustomerAsync(customer))["messages"]![0]!["businessReaction"]);
            var reactions = (await world.Agent.GetAsync($"api/messages/{id}")).Json["reactions"]!.AsArray();
            Assert.Equal(emoji is null ? [] : [("business", emoji)], reactions.Select(r => ((string)r!["actor"]!, (string)r["emoji"]!)));
        }
    }

    [Fact]
    public async Task A_reaction_that_cannot_be_is_refused_in_words()
    {
        var (customer, conversationId) = await world.CustomerAsync();
        var id = (long)(await world.Agent.GetAsync($"api/conversations/{conversationId}/messages")).Json["items"]![0]!["id"]!;
        var sent = (long)(await world.Agent.PostAsync("api/messaging/send", new { conversationId, text = "Hello" }, ("Prefer", "wait=20"))).Json["messages"]![0]!["id"]!;

        Assert.Equal((400, "validation_failed"), await StatusAndCodeAsync(world.Agent.PostAsync($"api/messages/{id}/reaction", new { emoji = "haha" })));
        Assert.Equal((400, "malformed_request"), await StatusAndCodeAsync(world.Agent.PostAsync($"api/messages/{id}/reaction", new { })));
        Assert.Equal((404, "message_not_found"), await StatusAndCodeAsync(world.Agent.PostAsync("api/messages/999999/reaction", new { emoji = "\u2764\ufe0f" })));
        Assert.Equal((422, "reaction_not_possible"), await StatusAndCodeAsync(world.Agent.PostAsync($"api/messages/{sent}/reaction", new { emoji = "\u2764\ufe0f" })));
        await world.Meta.Control.ChangeCustomerAsync(customer, new { blocked = true });
        var refused = await world.Agent.PostAsync($"api/messages/{id}/reaction", new { emoji = "\u2764\ufe0f" });
        Assert.Equal((502, "meta_refused"), (refused.Status, refused.Code));
        Assert.NotEmpty((string)refused.Json["detail"]!);
        Assert.Empty((await world.Agent.GetAsync($"api/messages/{id}")).Json["reactions"]!.AsArray());
    }

    [Fact]
    public async Task A_conversation_is_closed_snoozed_and_assigned()
    {
        var (_, conversationId) = await world.CustomerAsync();
        var me = (long)(await world.Agent.GetAsync("api/me")).Json["id"]!;

        Assert.Equal("closed", (string)(await PatchAsync(new { status = "closed" })).Json["status"]!);
        Assert.Equal("snoozed", (string)(await PatchAsync(new { status = "snoozed", snoozedUntil = world.App.Clock.Now.AddDays(1) })).Json["status"]!);
        Assert.Equal(me, (long)(await PatchAsync(new { assigneeId = me })).Json["assignee"]!["id"]!);
        Assert.Equal(400, (await PatchAsync(new { status = "unheard of" })).Status);
        Assert.Equal(400, (await PatchAsync(new { status = 1 })).Status);
        Assert.Equal(404, (await PatchAsync(new { assigneeId = 999999 })).Status);
        Assert.Equal(me, (long)(await PatchAsync(new { })).Json["assignee"]!["id"]!);
        Assert.Null((await PatchAsync(new { assigneeId = (long?)null })).Json["assignee"]);

        Task<Answer> PatchAsync(object changes) => world.Agent.PatchAsync($"api/conversations/{conversationId}", changes);
    }

    [Theory]
    [InlineData("api/conversations")]
    [InlineData("api/contacts")]
    [InlineData("api/ops/webhook-deliveries")]
    public async Task Lists_have_limits_and_cursors(string list)
    {
        await world.CustomerAsync();
        await world.CustomerAsync();

        var first = (await world.Agent.GetAsync($"{list}?limit=1")).Json;
        var second = (await world.Agent.GetAsync($"{list}?limit=1&cursor={first["nextCursor"]}")).Json;

        Assert.Equal(["items", "nextCursor"], first.AsObject().Select(p => p.Key).Order());
        Assert.NotEqual((long)first["items"]![0]!["id"]!, (long)second["items"]![0]!["id"]!);
        foreach (var bad in new[]
        {
            "limit=0", "limit=201", "limit=-1", "cursor=nonsense", "limit=many", "limit=99999999999", "cursor=%00", "cursor=..%2F..%2Fetc", "cursor=MS4", "cursor=LTEuMQ",
            "cursor=OTk5OTk5OTk5OTk5OTk5OTk5OTkuMQ", $"cursor={new string('A', 5000)}", "cursor=1'%20OR%201=1--", "cursor=%F0%9F%98%80",
        })
        {
            var answer = await world.Agent.GetAsync($"{list}?{bad}");
            Assert.True(answer is { Status: 400, ContentType: "application/problem+json" }, $"{bad}: {answer}");
        }

        Assert.Equal(200, (await world.Agent.GetAsync($"{list}?limit=200")).Status);
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
    public async Task A_filter_that_makes_no_sense_is_400(string path)
    {
        var answer = await world.Agent.GetAsync(path);

        Assert.True(answer is { Status: 400, ContentType: "application/problem+json" }, answer.ToString());
    }

    [Fact]
    public async Task The_dashboard_is_as_the_contract_says()
    {
        var dashboard = (await world.Agent.GetAsync("api/dashboard?timeZone=Europe/Berlin")).Json;

        Assert.Equal(
            ["delivered", "failed", "inbound", "medianFirstResponseSeconds", "newContacts", "openConversations", "outbound", "read"],
            dashboard["totals"]!.AsObject().Select(p => p.Key).Order());
        Assert.Equal(["channel", "date", "delivered", "failed", "inbound", "outbound", "read"], dashboard["series"]![0]!.AsObject().Select(p => p.Key).Order());
        Assert.Matches(@"^\d{4}-\d\d-\d\d$", (string)dashboard["series"]![0]!["date"]!);
    }

    [Fact]
    public async Task A_delivery_is_shown_with_its_body_and_replayed_without_harm()
    {
        var (_, conversationId) = await world.CustomerAsync();
        var item = (await world.Agent.GetAsync("api/ops/webhook-deliveries?state=processed&limit=1")).Json["items"]![0]!;
        var id = (long)item["id"]!;

        var delivery = (await world.Agent.GetAsync($"api/ops/webhook-deliveries/{id}")).Json;
        var replayed = await world.Agent.PostAsync($"api/ops/webhook-deliveries/{id}/replay");

        Assert.Equal(
            ["accountId", "attempts", "error", "eventCount", "failedEvents", "id", "object", "processedAt", "receivedAt", "state"], item.AsObject().Select(p => p.Key).Order());
        Assert.Equal("page", (string)JsonNode.Parse((string)delivery["payload"]!)!["object"]!);
        Assert.Equal(202, replayed.Status);
        await Until.True(async () => (await world.Agent.GetAsync($"api/ops/webhook-deliveries/{id}")).Json is var d && (string)d["state"]! == "processed" && (int)d["attempts"]! == 2, "it is processed again");
        Assert.Single((await world.Agent.GetAsync($"api/conversations/{conversationId}/messages")).Json["items"]!.AsArray());
    }

    private async Task<(int, string?)> SendAsync(object body) => await StatusAndCodeAsync(world.Agent.PostAsync("api/messaging/send", body));

    private static async Task<(int, string?)> StatusAndCodeAsync(Task<Answer> answer) => ((await answer).Status, (await answer).Code);

    private Task<JsonNode> UntilAsync(long messageId, params string[] statuses) => Until.Found(
        async () => (await world.Agent.GetAsync($"api/messages/{messageId}")).Json, m => statuses.Contains((string)m["status"]!), $"it is {statuses[0]}");

    public sealed class World : IAsyncLifetime
    {
        public MetaSimulator.Simulator Meta { get; private set; } = null!;

        public App App { get; private set; } = null!;

        public ApiClient Agent { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Meta = await MetaSimulator.Simulator.StartAsync();
            App = await App.StartAsync(Meta);
            Agent = await App.SignInAsync();
            await AppFixture.ConfigureAsync(App, Agent, Meta);
            await Agent.RunDialogAsync([Some.PageId]);
        }

        /// <summary>A customer who has just written, and their conversation.</summary>
        public async Task<(string Psid, long ConversationId)> CustomerAsync(string channel = "messenger")
        {
            var psid = await Meta.Control.CreateCustomerAsync(new { pageId = Some.PageId, channel, name = "Some Body" });
            await Meta.Control.WriteAsync(psid, "Hello");
            var contact = await Until.Found(
                async () => (await Agent.GetAsync($"api/contacts?q={psid}")).Json["items"]!.AsArray().SingleOrDefault(),
                c => c is not null && c["conversations"]!.AsArray().Count == 1, "the customer's message has arrived");
            return (psid, (long)contact!["conversations"]![0]!["id"]!);
        }

        public async ValueTask DisposeAsync()
        {
            Agent.Dispose();
            await App.DisposeAsync();
            await Meta.DisposeAsync();
        }
    }
}
