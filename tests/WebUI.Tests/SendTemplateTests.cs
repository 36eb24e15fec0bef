using MetaMessaging.Testing;

namespace MetaMessaging.WebUI.Tests;

public sealed class SendTemplateTests(ConnectedPageFixture fixture) : IClassFixture<ConnectedPageFixture>
{
    [Fact]
    public async Task Templates_reach_the_phone_and_are_shown_as_cards()
    {
        var (customer, conversationId) = await fixture.CustomerAsync();
        object[] buttons =
        [
            new { type = "web_url", title = "Shop", url = "https://bluecup.example/shop" },
            new { type = "postback", title = "Call me", payload = "CALL" },
        ];

        var element = new { title = "Blue cup", subtitle = "In stock", buttons };
        var answer = await fixture.Agent.PostAsync(
            "api/messaging/send",
            new { conversationId, template = new { type = "generic", elements = new[] { element } } },
            ("Prefer", "wait=20"));
        var second = await fixture.Agent.PostAsync(
            "api/messaging/send",
            new { conversationId, text = "One more", template = new { type = "button", text = "What now?", buttons } },
            ("Prefer", "wait=20"));

        Assert.Equal((200, 200, 2), (answer.Status, second.Status, second.Json["messages"]!.AsArray().Count));
        var card = answer.Json["messages"]![0]!["attachments"]![0]!;
        Assert.Equal(
            ("template", "Blue cup", "In stock"),
            ((string)card["type"]!, (string)card["details"]!["cards"]![0]!["title"]!, (string)card["details"]!["cards"]![0]!["subtitle"]!));
        var accepted = await fixture.Meta.Control.GetAcceptedAsync(customer);
        Assert.Equal(
            ["generic", null, "button"], accepted.Select(a => (string?)a.Attachments.SingleOrDefault()?.Payload?["template_type"]));
        await fixture.Meta.Control.WaitUntilIdleAsync();
        Assert.Equal(4, (await fixture.Agent.GetAsync($"api/conversations/{conversationId}/messages")).Json["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_template_that_meta_would_refuse_is_malformed()
    {
        var (_, conversationId) = await fixture.CustomerAsync();
        var (_, onInstagram) = await fixture.CustomerAsync("instagram");
        var button = new { type = "postback", title = "Yes", payload = "Y" };
        var call = new { type = "phone_number", title = "Call", payload = "+16505551234" };

        await RefuseAsync(new { type = "carousel" }, "button or generic");
        await RefuseAsync(new { type = "button", text = new string('x', 641), buttons = new[] { button } }, "640");
        await RefuseAsync(new { type = "button", text = "x", buttons = new[] { button, button, button, button } }, "3 buttons");
        await RefuseAsync(
            new { type = "button", text = "x", buttons = new[] { new { type = "postback", title = new string('x', 21), payload = "Y" } } },
            "20");
        await RefuseAsync(
            new { type = "button", text = "x", buttons = new[] { new { type = "web_url", title = "x", url = "javascript:alert(1)" } } },
            "https://");
        await RefuseAsync(new { type = "generic", elements = new[] { new { title = "x" } } }, "only a title");
        await RefuseAsync(new { type = "generic", elements = Enumerable.Repeat(new { title = "x", subtitle = "y" }, 11) }, "10 elements");
        await RefuseAsync(new { type = "generic", elements = new[] { new { title = "x", subtitle = new string('y', 81) } } }, "80");
        Assert.Equal(
            202,
            (await fixture.Agent.PostAsync(
                "api/messaging/send",
                new { conversationId, template = new { type = "button", text = "x", buttons = new object[] { button, call } } })).Status);
        var refused = await fixture.Agent.PostAsync(
            "api/messaging/send",
            new { conversationId = onInstagram, template = new { type = "button", text = "x", buttons = new[] { call } } });
        Assert.Equal((422, "template_not_supported"), StatusAndCode(refused));

        async Task RefuseAsync(object template, string words)
        {
            var answer = await fixture.Agent.PostAsync("api/messaging/send", new { conversationId, template });
            Assert.Equal((400, "validation_failed"), StatusAndCode(answer));
            Assert.Contains(words, answer.Json["errors"]!.ToJsonString(), StringComparison.Ordinal);
        }
    }

    private static (int, string?) StatusAndCode(Answer answer) => (answer.Status, answer.Code);
}
