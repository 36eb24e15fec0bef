using MetaMessaging.Application.Conversations;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Inbound;

/// <summary>Everything that Meta is known to send, one sample a shape.</summary>
public class EverySampleTests(SliceFixture app) : SliceTest(app)
{
    public static TheoryData<string> Samples => [.. Payload.Names];

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Every_sample_ends_with_a_state_and_a_reason(string sample)
    {
        await Given(Some.SampleConnection());

        var delivery = await Receive(Payload.Read(sample));

        Assert.NotEqual(WebhookDeliveryState.Pending, delivery.State);
        if (delivery.State is not WebhookDeliveryState.Processed) Assert.False(string.IsNullOrWhiteSpace(delivery.Error));
        Assert.All(
            delivery.ReadOutcomes(),
            o => Assert.True(o.Event is not null && (o.Kind is EventOutcomeKind.Processed || o.Reason is { Length: > 0 }), $"{o}"));
        Assert.NotEqual(WebhookDeliveryState.Failed, delivery.State);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Processing_a_sample_twice_changes_nothing(string sample)
    {
        await Given(Some.SampleConnection());
        await Receive(Payload.Read(sample));
        var (messages, contacts, attachments) = (
            await Count(db => db.Messages), await Count(db => db.Contacts), await Count(db => db.MessageAttachments));

        await Receive(Payload.Read(sample));

        Assert.Equal(
            (messages, contacts, attachments),
            (await Count(db => db.Messages), await Count(db => db.Contacts), await Count(db => db.MessageAttachments)));
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
    public async Task No_contact_is_created_by(string sample)
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
    public async Task A_sample_yields_the_expected_messages_and_attachments(string sample, int messages, int attachments)
    {
        await Given(Some.SampleConnection());

        await Receive(Payload.Read(sample));

        Assert.Equal((messages, attachments), (await Count(db => db.Messages), await Count(db => db.MessageAttachments)));
    }

    [Theory]
    [InlineData("messenger/message-edit", "messenger/message-text", "Hello, do you have the BLUE cup in stock?")]
    [InlineData("messenger/message-deleted", "messenger/message-text", null)]
    [InlineData("instagram/message-edit", "instagram/message-text", "Hi! Do you ship to Norway or Sweden?")]
    [InlineData("instagram/message-deleted", "instagram/message-text", null)]
    public async Task A_change_has_the_same_effect_before_and_after_its_message(string change, string message, string? text)
    {
        await Given(Some.SampleConnection());

        await Receive(Payload.Read(change));
        await Receive(Payload.Read(message));
        var early = await Row(db => db.Messages);
        await InitializeAsync();
        await Given(Some.SampleConnection());
        await Receive(Payload.Read(message));
        await Receive(Payload.Read(change));
        var late = await Row(db => db.Messages);

        Assert.Equal((text, early.EditedAt, early.DeletedAt), (late.Text, late.EditedAt, late.DeletedAt));
        Assert.Equal(text, early.Text);
    }

    [Theory]
    [InlineData("messenger/message-edit-num-as-string", "Edit")]
    [InlineData("instagram/message-edit-num-zero", "Edit")]
    [InlineData("instagram/message-edit-num-zero-bare", "Edit")]
    [InlineData("instagram/message-deleted-before-message", "Unsend")]
    [InlineData("instagram/echo-deleted", "Unsend")]
    [InlineData("instagram/seen", "Read")]
    [InlineData("instagram/reaction-unreact", "Reaction")]
    [InlineData("messenger/reaction-other-emoji", "Reaction")]
    [InlineData("messenger/read", "Read")]
    [InlineData("messenger/delivery-no-mids-no-timestamp", "Delivery")]
    public async Task An_event_waits_for_the_message_it_refers_to(string sample, string kind)
    {
        await Given(Some.SampleConnection());

        var delivery = await Receive(Payload.Read(sample));

        Assert.Equal(EventOutcomeKind.Parked, Assert.Single(delivery.ReadOutcomes()).Kind);
        Assert.Equal(kind, (await Row(db => db.ParkedEvents)).Kind);
    }

    [Fact]
    public async Task A_message_shows_its_referral_and_story()
    {
        await Given(Some.SampleConnection());

        Assert.Equal(
            ("ADS", "Autumn"),
            (await ShownAsync("instagram/message-referral-ad") is { Referral: { } ad } ? (ad.Source, ad.AdTitle) : default));
        Assert.Equal("summer_coupon", (await ShownAsync("messenger/postback-get-started-referral")).Referral!.Ref);
        Assert.NotNull((await ShownAsync("messenger/message-referral-shops-product")).Referral!.ProductId);
        Assert.Equal("17912345678901234", (await ShownAsync("instagram/message-story-reply")).ReplyToStory!.Id);
        Assert.Null((await ShownAsync("instagram/message-story-reply-expired-no-url")).ReplyToStory!.Url);
        Assert.Equal(new PlaceModel(59.9139, 10.7522), (await ShownAsync("messenger/message-location")).Attachments[0].Details!.Place);
        Assert.Equal(
            ("requested", "Europe/Oslo"),
            (await ShownAsync("messenger/message-appointment-booking")).Attachments[0].Details!.Booking is { } booking
                ? (booking.Status, booking.TimeZone)
                : default);
        Assert.Equal(
            ["Blue cup", "Red cup"],
            (await ShownAsync("messenger/message-template-product")).Attachments[0].Details!.Cards.Select(c => c.Title));
        Assert.Equal("Open", (await ShownAsync("messenger/message-template-generic")).Attachments[0].Details!.Cards[0].Buttons[0].Title);
        Assert.Equal("sticker", (await ShownAsync("messenger/message-sticker-legacy")).Attachments[0].Type);
        Assert.NotEmpty((await ShownAsync("instagram/message-template-generic")).Attachments[0].Details!.Cards);
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
    public async Task Events_of_a_connected_page_are_processed_beside_those_of_an_unknown_page()
    {
        await Given(Some.SampleConnection());

        var delivery = await Receive(Payload.Messenger("batch-many-entries"));

        Assert.Equal(WebhookDeliveryState.Processed, delivery.State);
        Assert.NotNull(delivery.Error);
        var mids = await Rows(db => db.Messages.Select(m => m.ExternalId));
        Assert.Equal(mids.Distinct(), mids);
    }

    [Fact]
    public async Task Messages_of_an_unordered_batch_are_shown_in_order()
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
    public async Task Messages_are_recorded_while_the_token_is_invalid()
    {
        var connection = Some.SampleConnection();
        connection.RequireReauthorization("The token has expired.", Some.Now);
        await Given(connection);

        await Receive(Payload.Messenger("message-text"));

        Assert.Equal(1, await Count(db => db.Messages));
    }

    private async Task<MessageModel> ShownAsync(string sample)
    {
        var delivery = await Receive(Payload.Read(sample));
        return await Send(new GetMessage((await Row(db => db.Messages.Where(m => m.WebhookDeliveryId == delivery.Id))).Id));
    }
}
