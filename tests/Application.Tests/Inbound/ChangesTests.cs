using System.Text;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Inbound;

/// <summary>Customers' events that come in the form of a change of the account (platform reference, Webhooks → Envelope).</summary>
public class ChangesTests(SliceFixture app) : SliceTest(app)
{
    private const string Sender = $$"""
        "sender":{"id":"{{Some.Igsid}}"},"recipient":{"id":"{{Some.IgAccountId}}"}
        """;

    public static TheoryData<string, string> Forms => new()
    {
        { "1760000000123", """{"id":"17841400000000001","time":1760000000,"changes":[{"field":"messaging_postbacks","value":#}]}""" },
        { "\"1760000000123\"", """{"id":"17841400000000001","time":"1760000000","field":"messaging_postbacks","value":#}""" },
        { "1760000000", """{"id":17841400000000001,"changes":[{"field":"messages","value":#}]}""" },
        { "\"1760000000\"", """{"changes":[{"value":#}]}""" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_tap_in_the_form_of_a_change_is_the_customers(string time, string entry)
    {
        await Given(Some.SampleConnection());
        var tap = $$$"""{{{{Sender}}},"timestamp":{{{time}}},"postback":{"mid":"aWdf_pb1","title":"Price?","payload":"ASK"}}""";

        var delivery = await ReceiveAsync("instagram", entry.Replace("#", tap, StringComparison.Ordinal));

        Assert.Equal(WebhookDeliveryState.Processed, delivery.State);
        var message = await Row(db => db.Messages.Include(m => m.Conversation));
        Assert.Equal(
            ("aWdf_pb1", "Price?", "ASK", Some.Igsid),
            (message.ExternalId, message.PostbackTitle, message.PostbackPayload, message.Conversation.ScopedUserId));
        Assert.Equal(1760000000, message.OccurredAt.ToUnixTimeSeconds());
    }

    [Fact]
    public async Task An_event_whose_members_stand_on_the_entry_is_the_customers()
    {
        await Given(Some.SampleConnection());
        var tap = Payload.Item("message", """{"mid":"m_1","text":"hi"}""");

        await ReceiveAsync("page", $$"""{"id":"{{Some.PageId}}","time":1760000000,{{tap[1..]}}""");

        Assert.Equal("hi", (await Row(db => db.Messages)).Text);
    }

    [Fact]
    public async Task Every_kind_of_event_comes_as_a_change()
    {
        await Given(Some.SampleConnection());
        string[] events =
        [
            """{"message":{"mid":"m_1","text":"hi"}}""",
            """{"message_edit":{"mid":"m_1","text":"hello","num_edit":1}}""",
            """{"reaction":{"mid":"m_1","action":"react","emoji":"x"}}""",
            """{"referral":{"ref":"summer","source":"SHORTLINK"}}""",
            """{"optin":{"type":"notification_messages"}}""",
        ];

        foreach (var content in events)
        {
            var value = $$"""{{{Sender}},"timestamp":1760000000123,{{content[1..]}}""";
            var delivery = await ReceiveAsync(
                "instagram", $$"""{"id":"{{Some.IgAccountId}}","changes":[{"field":"messages","value":{{value}}}]}""");
            Assert.Equal(WebhookDeliveryState.Processed, delivery.State);
        }

        Assert.Equal("hello", (await Row(db => db.Messages)).Text);
        Assert.Equal(2, await Count(db => db.TimelineEntries));
    }

    [Theory]
    [InlineData("messenger/changes-feed-comment-ignored", "A change of the feed, not for us.")]
    [InlineData("instagram/changes-comments-ignored", "A change of the comments, not for us.")]
    [InlineData("instagram/flat-comments-ignored", "A change of the comments, not for us.")]
    [InlineData("messenger/dashboard-test-messages-changes", "Test event from Meta's app dashboard.")]
    [InlineData("messenger/dashboard-test-postback-changes", "Test event from Meta's app dashboard.")]
    [InlineData("instagram/dashboard-test-changes", "Test event from Meta's app dashboard.")]
    public async Task A_change_that_is_not_a_customers_says_what_it_is(string sample, string reason)
    {
        await Given(Some.SampleConnection());

        var delivery = await Receive(Payload.Read(sample));

        Assert.Equal((WebhookDeliveryState.Ignored, reason), (delivery.State, delivery.Error));
    }

    [Theory]
    [InlineData("policy_enforcement")]
    [InlineData("policy-enforcement")]
    public async Task Metas_policy_is_known_by_both_names_of_its_key(string key)
    {
        await Given(Some.SampleConnection());

        await ReceiveAsync("page", $$$"""
            {"id":"{{{Some.PageId}}}","messaging":[
                {"recipient":{"id":"{{{Some.PageId}}}"},"timestamp":1760000000000,"{{{key}}}":{"action":"block","reason":"Spam."}}]}
            """);

        Assert.True((await Row(db => db.Connections)).IsBlocked);
    }

    [Fact]
    public async Task A_byte_order_mark_before_the_JSON_is_accepted()
    {
        await Given(Some.SampleConnection());

        var delivery = await Receive([0xEF, 0xBB, 0xBF, .. Payload.Text("Hello", "m_1")]);

        Assert.Equal((WebhookDeliveryState.Processed, "Hello"), (delivery.State, (await Row(db => db.Messages)).Text));
    }

    [Fact]
    public async Task An_unsent_message_is_erased_from_a_delivery_with_a_byte_order_mark()
    {
        await Given(Some.SampleConnection());
        var delivery = await Receive([0xEF, 0xBB, 0xBF, .. Payload.Text("Hello", "m_1")]);
        await Receive(Payload.Event(Some.PageId, 1760000400000, Payload.Item("message", """{"mid":"m_1","is_deleted":true}""")));

        await Send(new EraseUnsentContent((await Row(db => db.Messages)).Id));

        var stored = await Row(db => db.WebhookDeliveries.Where(d => d.Id == delivery.Id));
        Assert.DoesNotContain("Hello", Encoding.UTF8.GetString(stored.Payload), StringComparison.Ordinal);
    }

    private Task<WebhookDelivery> ReceiveAsync(string name, string entry) => Receive($$"""{"object":"{{name}}","entry":[{{entry}}]}""");
}
