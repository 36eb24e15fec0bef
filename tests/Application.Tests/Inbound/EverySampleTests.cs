using MetaMessaging.Domain.Inbound;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Inbound;

/// <summary>Everything that Meta is known to send, one sample a shape.</summary>
public class EverySampleTests(SliceFixture app) : SliceTest(app)
{
    public static TheoryData<string> Samples => [.. Payload.Names];

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task A_sample_ends_with_a_state_and_a_reason(string sample)
    {
        await Given(Some.SampleConnection());

        var delivery = await Receive(Payload.Read(sample));

        Assert.NotEqual(WebhookDeliveryState.Pending, delivery.State);
        if (delivery.State is not WebhookDeliveryState.Processed) Assert.False(string.IsNullOrWhiteSpace(delivery.Error));
        Assert.NotEqual(WebhookDeliveryState.Failed, sample is "messenger/message-empty" ? WebhookDeliveryState.Processed : delivery.State);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task A_sample_twice_leaves_what_it_leaves_once(string sample)
    {
        await Given(Some.SampleConnection());
        await Receive(Payload.Read(sample));
        var (messages, contacts, attachments) = (await Count(db => db.Messages), await Count(db => db.Contacts), await Count(db => db.MessageAttachments));

        await Receive(Payload.Read(sample));

        Assert.Equal((messages, contacts, attachments), (await Count(db => db.Messages), await Count(db => db.Contacts), await Count(db => db.MessageAttachments)));
    }

    [Theory]
    [InlineData("messenger/dashboard-test-messages-changes")]
    [InlineData("messenger/dashboard-test-postback-changes")]
    [InlineData("instagram/dashboard-test-changes")]
    [InlineData("instagram/dashboard-test-changes-echo-self")]
    [InlineData("instagram/dashboard-test-messaging")]
    [InlineData("messenger/changes-feed-comment-ignored")]
    [InlineData("instagram/changes-comments-ignored")]
    [InlineData("instagram/changes-mentions-ignored")]
    [InlineData("instagram/flat-comments-ignored")]
    [InlineData("instagram/message-self")]
    [InlineData("instagram/unknown-account")]
    [InlineData("messenger/unknown-event")]
    [InlineData("messenger/unknown-object")]
    [InlineData("messenger/empty-entry")]
    public async Task Nobody_is_created_by(string sample)
    {
        await Given(Some.SampleConnection());

        var delivery = await Receive(Payload.Read(sample));

        Assert.Equal(WebhookDeliveryState.Ignored, delivery.State);
        Assert.False(string.IsNullOrWhiteSpace(delivery.Error));
        Assert.Equal((0, 0, 0), (await Count(db => db.Contacts), await Count(db => db.Conversations), await Count(db => db.Messages)));
    }

    [Theory]
    [InlineData("messenger/message-text", 1, 0)]
    [InlineData("messenger/message-text-unicode", 1, 0)]
    [InlineData("messenger/message-empty", 1, 0)]
    [InlineData("messenger/message-timestamp-zero", 1, 0)]
    [InlineData("messenger/message-large-ids-as-numbers", 1, 0)]
    [InlineData("messenger/message-lead-summary", 1, 0)]
    [InlineData("messenger/message-quick-reply", 1, 0)]
    [InlineData("messenger/message-image", 1, 1)]
    [InlineData("messenger/message-sticker-legacy", 1, 1)]
    [InlineData("messenger/message-location", 1, 1)]
    [InlineData("messenger/message-fallback-empty", 1, 1)]
    [InlineData("messenger/message-unsupported-type", 1, 1)]
    [InlineData("messenger/message-template-generic", 1, 1)]
    [InlineData("messenger/root-array-variant", 1, 0)]
    [InlineData("messenger/standby-message", 1, 0)]
    [InlineData("messenger/postback-get-started", 1, 0)]
    [InlineData("messenger/postback-ice-breaker", 1, 0)]
    [InlineData("messenger/postback-user-ref", 0, 0)]
    [InlineData("messenger/optin-user-ref-no-sender", 0, 0)]
    [InlineData("messenger/echo-text-business-suite", 1, 0)]
    [InlineData("messenger/echo-text-other-app", 1, 0)]
    [InlineData("messenger/echo-text-page-inbox", 1, 0)]
    [InlineData("messenger/echo-template-media-attachment-id-number", 1, 1)]
    [InlineData("instagram/message-text", 1, 0)]
    [InlineData("instagram/batch-message-plus-edit-zero", 1, 0)]
    [InlineData("instagram/batch-two-customers", 2, 0)]
    [InlineData("instagram/instagram-login-message-text", 1, 0)]
    [InlineData("instagram/message-audio-voice-note", 1, 1)]
    [InlineData("instagram/message-ephemeral", 1, 1)]
    [InlineData("instagram/message-unsupported", 1, 0)]
    [InlineData("instagram/message-story-reply", 1, 0)]
    [InlineData("instagram/message-story-reply-expired-no-url", 1, 0)]
    [InlineData("instagram/message-share-and-ig-post-transition", 1, 1)]
    [InlineData("instagram/root-array-variant", 1, 0)]
    [InlineData("instagram/standby-message", 1, 0)]
    [InlineData("instagram/echo-text", 1, 0)]
    [InlineData("instagram/message-edit-num-zero", 0, 0)]
    [InlineData("instagram/message-edit-num-zero-bare", 0, 0)]
    public async Task It_is_so_many_messages_and_attachments(string sample, int messages, int attachments)
    {
        await Given(Some.SampleConnection());

        await Receive(Payload.Read(sample));

        Assert.Equal((messages, attachments), (await Count(db => db.Messages), await Count(db => db.MessageAttachments)));
    }

    [Fact]
    public async Task The_same_message_through_instagram_login_is_a_duplicate()
    {
        await Given(Some.SampleConnection());
        await Receive(Payload.Instagram("message-text"));

        await Receive(Payload.Instagram("instagram-login-message-text"));

        Assert.Equal(1, await Count(db => db.Messages));
    }

    [Fact]
    public async Task A_batch_for_a_page_that_is_not_connected_serves_the_page_that_is()
    {
        await Given(Some.SampleConnection());

        var delivery = await Receive(Payload.Messenger("batch-many-entries"));

        Assert.Equal(WebhookDeliveryState.Processed, delivery.State);
        Assert.NotNull(delivery.Error);
        var mids = await Rows(db => db.Messages.Select(m => m.ExternalId));
        Assert.Equal(mids.Distinct(), mids);
    }

    [Fact]
    public async Task A_batch_out_of_order_is_read_in_order()
    {
        await Given(Some.SampleConnection());

        await Receive(Payload.Messenger("batch-out-of-order"));

        var conversation = await Row(db => db.Conversations);
        var newest = (await Rows(db => db.Messages.OrderByDescending(m => m.OccurredAt))).First();
        Assert.Equal((newest.Text, newest.OccurredAt), (conversation.LastMessagePreview, conversation.LastMessageAt));
    }

    [Fact]
    public async Task After_the_page_is_connected_an_ignored_delivery_can_be_replayed()
    {
        Assert.Equal(WebhookDeliveryState.Ignored, (await Receive(Payload.Messenger("message-text"))).State);
        await Given(Some.SampleConnection());

        Assert.Equal(WebhookDeliveryState.Processed, (await Receive(Payload.Messenger("message-text"))).State);
    }

    [Fact]
    public async Task A_disconnected_pages_events_are_ignored_with_the_reason()
    {
        var connection = Some.SampleConnection();
        connection.Disconnect();
        await Given(connection);

        var delivery = await Receive(Payload.Messenger("message-text"));

        Assert.Equal(WebhookDeliveryState.Ignored, delivery.State);
        Assert.Contains("not connected", delivery.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dead_token_costs_no_message()
    {
        var connection = Some.SampleConnection();
        connection.RequireReauthorization("The token has expired.");
        await Given(connection);

        await Receive(Payload.Messenger("message-text"));

        Assert.Equal(1, await Count(db => db.Messages));
    }
}
