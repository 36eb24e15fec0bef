using System.Text.Json;
using MetaMessaging.Testing;

namespace MetaMessaging.WebUI.Tests;

/// <summary>The members of the answers that the public contract names.</summary>
public sealed class ContractTests(ConnectedPageFixture fixture) : IClassFixture<ConnectedPageFixture>
{
    private const string Time = @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$";

    [Fact]
    public async Task A_message_is_as_the_contract_says()
    {
        var (_, conversationId) = await fixture.CustomerAsync();

        var message = (await fixture.Agent.GetAsync($"api/conversations/{conversationId}/messages")).Json["items"]![0]!.AsObject();

        foreach (var name in new[]
        {
            "id", "conversationId", "channel", "direction", "status", "origin", "externalId", "text", "replyTo", "attachments",
            "reactions", "quickReplyPayload", "postback", "referral", "isDeleted", "editedAt", "sentAt",
            "deliveredAt", "readAt", "error", "sender",
        }) Assert.True(message.ContainsKey(name), name);
        Assert.Equal(
            ("facebookMessenger", "inbound", "received", "contact"),
            ((string)message["channel"]!, (string)message["direction"]!, (string)message["status"]!, (string)message["origin"]!));
        Assert.Equal((JsonValueKind.Number, JsonValueKind.String), (message["id"]!.GetValueKind(), message["externalId"]!.GetValueKind()));
        Assert.Matches(Time, (string)message["sentAt"]!);
    }

    [Fact]
    public async Task A_conversation_is_as_the_contract_says()
    {
        var (_, conversationId) = await fixture.CustomerAsync();

        var conversation = (await fixture.Agent.GetAsync($"api/conversations/{conversationId}")).Json.AsObject();

        string[] names =
            ["id", "channel", "status", "contact", "connectionId", "assignee", "unreadCount", "lastMessage", "lastMessageAt", "window"];
        foreach (var name in names) Assert.True(conversation.ContainsKey(name), name);
        Assert.Equal(
            ("open", 1, "open"),
            ((string)conversation["status"]!, (int)conversation["unreadCount"]!, (string)conversation["window"]!["state"]!));
        Assert.Matches(Time, (string)conversation["window"]!["closesAt"]!);
        Assert.Matches(Time, (string)conversation["window"]!["humanAgentUntil"]!);
    }

    [Fact]
    public async Task A_contact_is_as_the_contract_says()
    {
        var (customer, conversationId) = await fixture.CustomerAsync();
        var contactId = (long)(await fixture.Agent.GetAsync($"api/conversations/{conversationId}")).Json["contact"]!["id"]!;

        var contact = (await fixture.Agent.GetAsync($"api/contacts/{contactId}")).Json.AsObject();

        foreach (var name in new[] { "id", "name", "avatarUrl", "profileState", "facebook", "instagram", "conversations" })
            Assert.True(contact.ContainsKey(name), name);
        Assert.Equal((Some.PageId, customer), ((string)contact["facebook"]![0]!["pageId"]!, (string)contact["facebook"]![0]!["psid"]!));
    }

    [Fact]
    public async Task Of_parallel_requests_to_split_off_an_id_one_answers_with_the_new_contact()
    {
        var (_, firstConversation) = await fixture.CustomerAsync();
        var (customer, conversation) = await fixture.CustomerAsync();
        var (contactId, otherId) = (await ContactOfAsync(firstConversation), await ContactOfAsync(conversation));
        var merged = (await fixture.Agent.PostAsync($"api/contacts/{contactId}/merge", new { otherContactId = otherId })).Json;
        var identityId = (long)merged["facebook"]!.AsArray().Single(f => (string)f!["psid"]! == customer)!["id"]!;

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => fixture.Agent.PostAsync($"api/contacts/{contactId}/unmerge", new { identityId })));

        var created = Assert.Single(answers, a => a.Status is 201);
        Assert.All(answers.Where(a => a.Status is not 201), a => Assert.Contains(a.Status, new[] { 404, 409, 422 }));
        Assert.Equal($"/api/contacts/{(long)created.Json["id"]!}", created.Location);
        Assert.Equal(
            (customer, conversation), ((string)created.Json["facebook"]![0]!["psid"]!, (long)created.Json["conversations"]![0]!["id"]!));
    }

    [Fact]
    public async Task The_dashboard_is_as_the_contract_says()
    {
        var dashboard = (await fixture.Agent.GetAsync("api/dashboard?timeZone=Europe/Berlin")).Json;

        Assert.Equal(
            ["delivered", "failed", "inbound", "medianFirstResponseSeconds", "newContacts", "openConversations", "outbound", "read"],
            dashboard["totals"]!.AsObject().Select(p => p.Key).Order());
        Assert.Equal(
            ["channel", "date", "delivered", "failed", "inbound", "outbound", "read"],
            dashboard["series"]![0]!.AsObject().Select(p => p.Key).Order());
        Assert.Matches(@"^\d{4}-\d\d-\d\d$", (string)dashboard["series"]![0]!["date"]!);
    }

    private async Task<long> ContactOfAsync(long conversationId) =>
        (long)(await fixture.Agent.GetAsync($"api/conversations/{conversationId}")).Json["contact"]!["id"]!;
}
