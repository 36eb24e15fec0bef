using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace MetaMessaging.MetaSimulator.Tests;

public sealed class NamedEventTests(SimulatorFixture fixture) : SimulatorTest(fixture)
{
    private static readonly string[] EveryField =
    [
        "messages", "message_echoes", "message_reactions", "message_edits", "messaging_postbacks", "messaging_referrals",
        "messaging_optins", "messaging_account_linking",
        "messaging_policy_enforcement", "messaging_feedback", "response_feedback", "send_cart", "messaging_game_plays",
        "messaging_handovers", "standby",
    ];

    [Theory]
    [InlineData("adReferral", "referral", true)]
    [InlineData("linkReferral", "referral", true)]
    [InlineData("productReferral", "referral", true)]
    [InlineData("leadComplete", "lead", true)]
    [InlineData("optin", "optin", true)]
    [InlineData("optinUserRef", "optin", false)]
    [InlineData("oneTimeOptin", "optin", true)]
    [InlineData("accountLinked", "account_linking", true)]
    [InlineData("accountUnlinked", "account_linking", true)]
    [InlineData("policyWarning", "policy_enforcement", false)]
    [InlineData("policyBlock", "policy_enforcement", false)]
    [InlineData("policyUnblock", "policy_enforcement", false)]
    [InlineData("feedback", "messaging_feedback", true)]
    [InlineData("order", "order", true)]
    [InlineData("coupon", "template", true)]
    [InlineData("game", "game_play", true)]
    [InlineData("appRoles", "app_roles", false)]
    [InlineData("unknown", "something_new", true)]
    public async Task An_event_has_metas_shape(string name, string key, bool hasSender)
    {
        await Control.ChangePageAsync(PageId, new { subscribedFields = EveryField });

        await Control.TriggerEventAsync(Peter, name);
        await Control.WaitUntilIdleAsync();

        var webhookEvent = Assert.Single(App.Events).AsObject();
        Assert.True(webhookEvent.ContainsKey(key), webhookEvent.ToJsonString());
        Assert.Equal(hasSender ? Peter : null, (string?)webhookEvent["sender"]?["id"]);
        Assert.Equal(PageId, (string)webhookEvent["recipient"]!["id"]!);
    }

    [Fact]
    public async Task Feedback_is_about_the_last_message_of_the_business()
    {
        await Control.ChangePageAsync(PageId, new { subscribedFields = EveryField });
        var answer = await Control.AnswerElsewhereAsync(Peter, "Yes");

        await Control.TriggerEventAsync(Peter, "responseFeedback");
        await Control.WaitUntilIdleAsync();

        Assert.Equal(
            ("Good response", answer.Mid),
            ((string)App.Events[^1]["response_feedback"]!["feedback"]!, (string)App.Events[^1]["response_feedback"]!["mid"]!));
    }

    [Fact]
    public async Task The_members_of_an_event_can_be_overridden()
    {
        await Control.ChangePageAsync(PageId, new { subscribedFields = EveryField });

        await Control.TriggerEventAsync(Peter, "policyBlock", new { policy_enforcement = new { reason = "Spam" } });
        await Control.WaitUntilIdleAsync();

        Assert.Equal("""{"action":"block","reason":"Spam"}""", Assert.Single(App.Events)["policy_enforcement"]!.ToJsonString());
    }

    [Theory]
    [InlineData(Ada, "order")]
    [InlineData(Ada, "coupon")]
    [InlineData(Ada, "policyBlock")]
    [InlineData(Ada, "accountLinked")]
    [InlineData(Peter, "never-heard-of")]
    public async Task What_a_channel_does_not_have_is_refused(string customer, string name)
    {
        using var refused = await Control.Http.PostAsJsonAsync($"sim/customers/{customer}/events/{name}", new { }, Stop);

        Assert.Equal(400, (int)refused.StatusCode);
    }

    [Theory]
    [InlineData("page", false, "changes")]
    [InlineData("instagram", false, "changes")]
    [InlineData("instagram", true, "messaging")]
    public async Task The_dashboards_test_button_posts_nonsense(string webhookObject, bool asMessaging, string key)
    {
        using var pressed = await Control.Http.PostAsJsonAsync(
            "sim/webhooks/dashboard-test", new { @object = webhookObject, asMessaging }, Stop);

        var body = JsonNode.Parse(Assert.Single(App.All).Body)!;
        Assert.Equal((webhookObject, "0"), ((string)body["object"]!, (string)body["entry"]![0]!["id"]!));
        Assert.Single(body["entry"]![0]![key]!.AsArray());
    }

    [Theory]
    [InlineData(Peter, "product")]
    [InlineData(Ada, null)]
    public async Task A_shared_product_is_a_template(string customer, string? templateType)
    {
        await Control.WriteAsync(customer, new { attachments = new[] { new { type = "template" } } });
        await Control.WaitUntilIdleAsync();

        var payload = Assert.Single(App.Events)["message"]!["attachments"]![0]!["payload"]!;
        Assert.Equal(templateType, (string?)payload["template_type"]);
        Assert.Equal("Blue cup", (string)payload["product"]!["elements"]![0]!["title"]!);
    }
}
