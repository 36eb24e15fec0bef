using System.Text;
using System.Text.Json.Nodes;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Inbound;

public class EraseUnsentContentTests(SliceFixture app) : SliceTest(app)
{
    private const string Mid = "aWdf_unsent/1=";

    [Fact]
    public async Task Files_and_stored_text_are_erased_and_the_deleted_message_stays()
    {
        var message = await GivenUnsentAsync();

        await Send(new EraseUnsentContent(message.Id));

        Assert.Empty(Media.Files);
        Assert.Empty(await Rows(db => db.MessageAttachments));
        Assert.Null((await Row(db => db.Messages)).EraseDueAt);
        var payloads = await Rows(db => db.WebhookDeliveries.OrderBy(d => d.Id).Select(d => d.Payload));
        Assert.All(payloads, p => Assert.DoesNotContain("secret", Encoding.UTF8.GetString(p), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Replaying_a_redacted_delivery_does_not_bring_the_content_back()
    {
        var message = await GivenUnsentAsync();
        await Send(new EraseUnsentContent(message.Id));

        foreach (var payload in await Rows(db => db.WebhookDeliveries.OrderBy(d => d.Id).Select(d => d.Payload))) await Receive(payload);

        Assert.Null((await Row(db => db.Messages.Where(m => m.ExternalId == Mid))).Text);
        Assert.Empty(await Rows(db => db.MessageAttachments));
    }

    [Fact]
    public async Task Other_messages_of_the_same_delivery_are_kept()
    {
        var message = await GivenUnsentAsync(also: """
            {"sender":{"id":"9"},"recipient":{"id":"17841400000000001"},"message":{"mid":"other","text":"caf\u00e9 \ud83d"}}
            """);

        await Send(new EraseUnsentContent(message.Id));

        var payload = Encoding.UTF8.GetString((await Rows(db => db.WebhookDeliveries.OrderBy(d => d.Id).Select(d => d.Payload)))[0]);
        Assert.Contains("""{"mid":"other","text":"caf\u00e9 \ud83d"}""", payload, StringComparison.Ordinal);
    }

    /// <param name="earlier">By how much the clock of the node that stored the later one was behind, in seconds.</param>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Of_deliveries_that_came_at_the_same_time_all_are_searched(int earlier)
    {
        var message = await GivenUnsentAsync();
        var now = Clock.GetUtcNow();
        await Change(db => db.WebhookDeliveries.ExecuteUpdateAsync(set => set.SetProperty(
            d => d.ReceivedAt, d => d.Id == message.WebhookDeliveryId ? now : now.AddSeconds(-earlier))));
        await Change(db => db.Messages.ExecuteUpdateAsync(set => set.SetProperty(m => m.WebhookDeliveryId, (long?)null)));

        await Send(new EraseUnsentContent(message.Id));

        var payloads = await Rows(db => db.WebhookDeliveries.OrderBy(d => d.Id).Select(d => d.Payload));
        Assert.All(payloads, p => Assert.DoesNotContain("secret", Encoding.UTF8.GetString(p), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Half_an_emoji_in_a_name_beside_the_message_does_not_prevent_it()
    {
        var message = await GivenUnsentAsync(also: """
            {"sender":{"id":"9"},"recipient":{"id":"17841400000000001"},"\ud83d":1,"message":{"mid":"other","text":"hello"}}
            """);

        await Send(new EraseUnsentContent(message.Id));

        var payloads = await Rows(db => db.WebhookDeliveries.Select(d => d.Payload));
        Assert.All(payloads, p => Assert.DoesNotContain("secret", Encoding.UTF8.GetString(p), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Erasing_before_it_is_due_or_twice_does_nothing()
    {
        var image = new AttachmentContent("image", "https://scontent.xx.fbcdn.net/a.jpg");
        var message = await Given(Some.Inbound(Some.Conversation(), "secret", attachments: image));

        await Send(new EraseUnsentContent(message.Id));
        await Send(new EraseUnsentContent(4711));

        Assert.Equal(1, await Count(db => db.MessageAttachments));
    }

    [Fact]
    public async Task The_erasure_is_scheduled_when_the_message_is_unsent_and_when_it_is_delivered_again()
    {
        var message = await GivenUnsentAsync();
        Assert.Contains(new EraseUnsentContent(message.Id), Jobs.Enqueued);
        await Send(new EraseUnsentContent(message.Id));
        Jobs.Enqueued.Clear();

        await Receive(Payload.InstagramEvent(Item("message", new JsonObject { ["mid"] = Mid, ["text"] = "my secret" })));

        Assert.Contains(new EraseUnsentContent(message.Id), Jobs.Enqueued);
        await Send(new EraseUnsentContent(message.Id));
        var payloads = await Rows(db => db.WebhookDeliveries.Select(d => d.Payload));
        Assert.All(payloads, p => Assert.DoesNotContain("secret", Encoding.UTF8.GetString(p), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"message":{"mid":"x","text":"secret"}}""", """{"message":{"mid":"x","is_deleted":true}}""")]
    [InlineData(
        """{"message" : {"text":"secret", "attachments":[{"payload":{"mid":"y"}}], "mid" : "x"} , "timestamp":1.0}""",
        """{"message":{"mid":"x","is_deleted":true} , "timestamp":1.0}""")]
    [InlineData("""{"message_edit":{"mid":"x","text":"secret","num_edit":1}}""", """{"message":{"mid":"x","is_deleted":true}}""")]
    [InlineData(
        """[{"message":{"mid":"x","text":"secret"}},{"message":{"mid":"y","text":"kept"}},{"message":{"mid":"x","text":"secret"}}]""",
        """[{"message":{"mid":"x","is_deleted":true}},{"message":{"mid":"y","text":"kept"}},{"message":{"mid":"x","is_deleted":true}}]""")]
    [InlineData("""{"message":{"mid":"\u0078","text":"secret"}}""", """{"message":{"mid":"x","is_deleted":true}}""")]
    [InlineData("""{"message":{"mid":"xy","text":"x"}}""", null)]
    [InlineData("""{"message":{"reply_to":{"mid":"x"},"mid":"y","text":"kept"}}""", null)]
    [InlineData("""{"reaction":{"mid":"x","emoji":"kept"}}""", null)]
    [InlineData("""{"message":{"mid":"x","is_deleted":true}}""", null)]
    [InlineData("""{"message":"x"}""", null)]
    [InlineData("""{"message":{"mid":"x","te""", null)]
    [InlineData("x", null)]
    public void Only_the_content_of_that_message_is_redacted(string payload, string? expected)
    {
        var redacted = MessageRedaction.Redact(Encoding.UTF8.GetBytes(payload), "x");

        Assert.Equal(expected, redacted is null ? null : Encoding.UTF8.GetString(redacted));
    }

    private async Task<Message> GivenUnsentAsync(string? also = null)
    {
        await Given(Some.SampleConnection());
        var written = Item("message", new JsonObject
        {
            ["mid"] = Mid,
            ["text"] = "my secret",
            ["attachments"] = new JsonArray(new JsonObject
            {
                ["type"] = "image",
                ["payload"] = new JsonObject { ["url"] = "https://scontent.xx.fbcdn.net/secret.jpg" },
            }),
        });
        await Receive(Payload.InstagramEvent([written, .. also is null ? Array.Empty<string>() : [also]]));
        Media.OnDownload = _ => new StoredMedia("2025/10/picture", "2025/10/thumbnail", "image/jpeg", 3, "secret.jpg");
        await Send(new DownloadAttachment((await Row(db => db.MessageAttachments)).Id));
        var edit = new JsonObject { ["mid"] = Mid, ["text"] = "other secret", ["num_edit"] = 1 };
        await Receive(Payload.InstagramEvent(Item("message_edit", edit)));
        Clock.Advance(TimeSpan.FromHours(1));
        await Receive(Payload.InstagramEvent(Item("message", new JsonObject { ["mid"] = Mid, ["is_deleted"] = true })));
        return await Row(db => db.Messages.Where(m => m.ExternalId == Mid));
    }

    private static string Item(string kind, JsonObject content) => new JsonObject
    {
        ["sender"] = new JsonObject { ["id"] = Some.Igsid },
        ["recipient"] = new JsonObject { ["id"] = Some.IgAccountId },
        ["timestamp"] = 1760000000001,
        [kind] = content,
    }.ToJsonString();
}
