using System.Text;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Inbound;

/// <summary>The forms in which messages arrive: unusual, deprecated and invalid JSON.</summary>
public class MessageJsonTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Metas_time_is_read_in_every_form_it_is_sent_in()
    {
        await Given(Some.SampleConnection());

        await Receive(Payload.Text("milliseconds", "m_1", at: 1760000000123));
        await Receive("""
            {"object":"page","entry":[{"id":"109876543210987","time":1760000000777,"messaging":[
                {"sender":{"id":"1"},"timestamp":0,"message":{"mid":"m_2","text":"entry time"}},
                {"sender":{"id":"1"},"timestamp":"1760000000","message":{"mid":"m_3","text":"seconds"}}
            ]}]}
            """);
        await Receive(Payload.Text("far ahead", "m_4", at: 1900000000000));

        Assert.Equal(
            [
                DateTimeOffset.FromUnixTimeMilliseconds(1760000000123),
                DateTimeOffset.FromUnixTimeMilliseconds(1760000000777),
                DateTimeOffset.FromUnixTimeSeconds(1760000000),
                Clock.Now.AddMinutes(5),
            ],
            await Rows(db => db.Messages.OrderBy(m => m.ExternalId).Select(m => m.OccurredAt)));
    }

    [Fact]
    public async Task An_attachment_of_an_unknown_type_is_kept_as_a_link()
    {
        await Given(Some.SampleConnection());

        const string attachments = """[{"type":"hologram_2027","payload":{"url":"https://lookaside.fbsbx.com/x"}}]""";
        await Receive(Payload.Event(Some.PageId, 1760000000001,
            Payload.Item("message", $$"""{"mid":"m_1","attachments":{{attachments}}}""")));

        var attachment = await Row(db => db.MessageAttachments);
        Assert.Equal(
            ("hologram_2027", AttachmentState.Available, "https://lookaside.fbsbx.com/x"),
            (attachment.Type, attachment.State, attachment.SourceUrl));
        Assert.DoesNotContain(Jobs.Enqueued, j => j is DownloadAttachment);
    }

    [Theory]
    [InlineData("message-sticker-transition", "sticker")]
    [InlineData("message-sticker", "sticker")]
    public async Task A_sticker_sent_in_both_forms_is_one_sticker(string sample, string type)
    {
        await Given(Some.SampleConnection());

        await Receive(Payload.Messenger(sample));

        Assert.Equal(type, (await Row(db => db.MessageAttachments)).Type);
    }

    [Fact]
    public async Task A_post_shared_in_both_forms_is_one_post()
    {
        await Given(Some.SampleConnection());

        await Receive(Payload.Instagram("message-share-and-ig-post-transition"));

        Assert.Equal("ig_post", (await Row(db => db.MessageAttachments)).Type);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(100_000)]
    public async Task JSON_nested_too_deeply_does_not_affect_the_events_around_it(int levels)
    {
        await Given(Some.SampleConnection());
        var deep = new string('[', levels) + new string(']', levels);
        var events = Enumerable.Range(1, 3).Select(n =>
        {
            var message = $$"""{"mid":"m_{{n}}","text":"Hello {{n}}","later":{{(n == 2 ? deep : "1")}}}""";
            return Payload.Item("message", message, at: 1760000300000 + n);
        });

        var delivery = await Receive(Payload.Event(Some.PageId, 1760000300000, [.. events]));

        Assert.Equal(WebhookDeliveryState.Processed, delivery.State);
        Assert.Equal(["Hello 1", "Hello 2", "Hello 3"], (await Rows(db => db.Messages)).Select(m => m.Text));

        await Receive(Payload.Event(Some.PageId, 1760000400000, Payload.Item("message", """{"mid":"m_2","is_deleted":true}""")));
        await Send(new EraseUnsentContent((await Row(db => db.Messages.Where(m => m.ExternalId == "m_2"))).Id));
        Assert.DoesNotContain(
            "Hello 2",
            Encoding.UTF8.GetString((await Row(db => db.WebhookDeliveries.Where(d => d.Id == delivery.Id))).Payload),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_elements_of_an_array_do_not_affect_the_delivery_in_it()
    {
        await Given(Some.SampleConnection());

        await Receive("[5," + Encoding.UTF8.GetString(Payload.Text("Hello", "m_1")) + ",null]");

        Assert.Equal(1, await Count(db => db.Messages));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public async Task An_empty_mid_counts_as_missing(string mid)
    {
        await Given(Some.SampleConnection());
        foreach (var customer in new[] { "7000000000000001", "7000000000000002" })
        {
            var postback = $$"""{"mid":"{{mid}}","title":"Start","payload":"START"}""";
            await Receive(Payload.Event(Some.PageId, 1760000300000, Payload.Item("postback", postback, customer)));
        }

        var unnamed = await Receive(Payload.Text("Hello", mid, psid: "7000000000000001"));

        Assert.Equal(3, await Count(db => db.Messages));
        Assert.All(await Rows(db => db.Messages), m => Assert.Null(m.ExternalId));
        Assert.Equal(WebhookDeliveryState.Processed, unnamed.State);
    }

    [Fact]
    public async Task A_postback_without_a_mid_is_recorded_once()
    {
        await Given(Some.SampleConnection());
        await Receive(Payload.Messenger("postback-button-no-mid"));

        await Receive(Payload.Messenger("postback-button-no-mid"));

        var message = await Row(db => db.Messages);
        Assert.Equal(MessageKind.Postback, message.Kind);
        Assert.NotNull(message.PostbackTitle);
    }

    [Fact]
    public async Task Ids_sent_as_numbers_keep_all_digits()
    {
        await Given(Some.SampleConnection());

        await Receive("""
            {"object":"page","entry":[{"id":109876543210987,"time":1760000000777,"messaging":[{
                "sender":{"id":17654321098765432109},
                "recipient":{"id":109876543210987},
                "timestamp":"1760000000777",
                "message":{"mid":"m_1","text":"hi"}
            }]}]}
            """);

        Assert.Equal("17654321098765432109", (await Row(db => db.Conversations)).ScopedUserId);
    }

    [Fact]
    public async Task A_text_with_half_a_surrogate_pair_and_a_zero_byte_is_kept()
    {
        await Given(Some.SampleConnection());

        var delivery = await Receive(Payload.Text("half \\ud83d and \\u0000 zero", "m_1"));

        Assert.Equal(WebhookDeliveryState.Processed, delivery.State);
        Assert.StartsWith("half \ufffd and ", (await Row(db => db.Messages)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_with_too_long_an_id_fails_alone()
    {
        await Given(Some.SampleConnection());

        var delivery = await Receive(Payload.Text("hi", new string('m', 600)));

        Assert.Equal((WebhookDeliveryState.Failed, 1), (delivery.State, delivery.FailedEvents));
        Assert.Equal(0, await Count(db => db.Messages));
    }
}
