using MetaMessaging.Application.Connections;
using MetaMessaging.Application.Conversations;
using MetaMessaging.Application.Outbound;
using MetaMessaging.Application.SystemConfiguration;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Inbound;

/// <summary>Events that neither are nor change a message: timeline entries, handovers, Meta's policy.</summary>
public class OtherEventsTests(SliceFixture app) : SliceTest(app)
{
    [Theory]
    [InlineData("messenger/referral-ad", TimelineItemType.Referral, "Came from the ad “Summer sale”")]
    [InlineData("messenger/referral-lead-complete", TimelineItemType.Referral,
        "Filled in the form of the ad “Find Wholesalers Ad”: "
        + "Are you interested in becoming a reseller? Yes; What city is your store located? Oslo")]
    [InlineData("messenger/optin-notification-messages", TimelineItemType.OptIn, "Agreed to notifications “Weekly deals”")]
    [InlineData("messenger/optin-notification-stop", TimelineItemType.OptIn, "Stopped notifications “Weekly deals”")]
    [InlineData("messenger/account-linking-linked", TimelineItemType.AccountLinking, "Linked their account")]
    [InlineData("messenger/account-linking-unlinked", TimelineItemType.AccountLinking, "Unlinked their account")]
    [InlineData("messenger/messaging-feedback", TimelineItemType.Feedback, "Gave feedback: 4, Quick answer, thanks")]
    [InlineData("messenger/response-feedback", TimelineItemType.Feedback, "Rated an answer: Good response")]
    [InlineData("messenger/send-cart", TimelineItemType.Order, "Sent a cart: 1 × Blue cup, 2 × Red cup (“Please gift wrap”)")]
    [InlineData("messenger/coupon-reveal", TimelineItemType.Coupon, "Revealed the coupon 10PERCENT")]
    [InlineData("messenger/game-play", TimelineItemType.Game, "Played a game and scored 44")]
    [InlineData("messenger/handover-request-thread", TimelineItemType.Handover, "The conversation was asked for by app 987654321098765")]
    [InlineData("messenger/handover-pass-thread", TimelineItemType.Handover, "The conversation was passed to this app")]
    [InlineData("instagram/handover-take-thread", TimelineItemType.Handover, "The conversation was taken over by Meta's inbox")]
    public async Task An_event_becomes_one_timeline_entry(string sample, TimelineItemType kind, string text)
    {
        await Given(Some.SampleConnection());
        await Send(new UpdateSystemConfig("123456789012345", "secret", "verify"));

        await Receive(Payload.Read(sample));
        await Receive(Payload.Read(sample));

        var entry = await Row(db => db.TimelineEntries);
        Assert.Equal((kind, text), (entry.Kind, entry.Text));
        Assert.Equal(0, (await Row(db => db.Conversations)).UnreadCount);
    }

    [Fact]
    public async Task The_text_of_a_timeline_entry_is_shortened()
    {
        await Given(Some.SampleConnection());

        await ReceiveAsync(MetaEvent.Other("referral", $$"""{"ref":"{{new string('x', 2083)}}","source":"SHORTLINK"}""", 1));

        Assert.Equal(500, (await Row(db => db.TimelineEntries)).Text.Length);
    }

    [Fact]
    public async Task Following_a_link_opens_the_messaging_window()
    {
        await Given(Some.SampleConnection());

        await ReceiveAsync(MetaEvent.Other("referral", """{"ref":"summer","source":"SHORTLINK"}""", 1));

        Assert.Equal(MetaEvent.At(1), (await Row(db => db.Conversations)).LastInboundAt);
    }

    [Fact]
    public async Task The_latest_handover_by_metas_time_decides_who_owns_the_thread()
    {
        await Given(Some.SampleConnection());
        await Send(new UpdateSystemConfig("123456789012345", "secret", "verify"));

        await ReceiveAsync(MetaEvent.Other("take_thread_control", """{"new_owner_app_id":"222"}""", 3));
        await ReceiveAsync(MetaEvent.Other("pass_thread_control", """{"new_owner_app_id":123456789012345}""", 2));
        Assert.Equal("222", (await Row(db => db.Conversations)).ThreadOwnerAppId);

        await ReceiveAsync(MetaEvent.Text("m_1", "to us again", 4));
        Assert.Null((await Row(db => db.Conversations)).ThreadOwnerAppId);
    }

    [Theory]
    [InlineData("messenger/standby-message")]
    [InlineData("instagram/standby-message")]
    [InlineData("messenger/standby-postback-no-payload")]
    public async Task A_standby_message_is_recorded_and_shows_that_another_app_owns_the_thread(string sample)
    {
        await Given(Some.SampleConnection());

        var delivery = await Receive(Payload.Read(sample));

        var conversation = await Row(db => db.Conversations);
        Assert.Equal(Conversation.UnknownApp, (await Send(new GetConversation(conversation.Id))).ThreadOwnerAppId);
        Assert.Equal((1, true), (conversation.UnreadCount, Assert.Single(delivery.ReadOutcomes()).IsStandby));
    }

    [Fact]
    public async Task A_blocked_page_refuses_to_send_with_the_reason_until_it_is_unblocked()
    {
        await Given(Some.SampleConnection());
        await ReceiveAsync(MetaEvent.Text("m_1", "hi", Clock.Now.AddMinutes(-1).Subtract(MetaEvent.At(0)).TotalSeconds));
        var conversationId = (await Row(db => db.Conversations)).Id;
        await ReceiveAsync(MetaEvent.Policy("block", "Spam.", 5));
        await ReceiveAsync(MetaEvent.Policy("warning", "Careful.", 4));

        var refused = await Assert.ThrowsAsync<ConflictException>(() => Send(new SendMessage(conversationId, "Hello")));
        Assert.Equal("sending_blocked", refused.Code);
        Assert.Contains("Spam.", refused.Message, StringComparison.Ordinal);
        Assert.False((await Send(new GetConversation(conversationId))).Connection!.CanSend);
        Assert.Contains("Spam.", Assert.Single((await Send(new GetIntegrationStatus())).Connections).Problem, StringComparison.Ordinal);

        await ReceiveAsync(MetaEvent.Policy("unblock", null, 6));
        Assert.NotNull(await Send(new SendMessage(conversationId, "Hello")));
        Assert.Null(Assert.Single((await Send(new GetIntegrationStatus())).Connections).Problem);
    }

    [Fact]
    public async Task A_queued_message_fails_with_the_reason_when_the_page_is_blocked()
    {
        var message = await Given(Some.Queued(Some.Conversation(connection: await Given(Some.SampleConnection()))));
        await Receive(Payload.Messenger("policy-enforcement-block"));

        await Send(new DeliverMessages(message.ConversationId));

        Assert.Empty(MetaMessages.Sent);
        Assert.Contains("blocked", (await Row(db => db.Messages)).Error!.Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_kind_of_event_is_ignored_and_named()
    {
        await Given(Some.SampleConnection());

        var delivery = await ReceiveAsync(MetaEvent.Other("hologram_call", """{"a":1}""", 1));

        Assert.Equal(WebhookDeliveryState.Ignored, delivery.State);
        Assert.Contains("hologram_call", delivery.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("messenger/optin-user-ref-no-sender")]
    [InlineData("messenger/handover-app-roles")]
    [InlineData("messenger/postback-user-ref")]
    public async Task An_event_without_a_customer_is_ignored_with_the_reason(string sample)
    {
        await Given(Some.SampleConnection());

        var delivery = await Receive(Payload.Read(sample));

        Assert.Equal((WebhookDeliveryState.Ignored, true), (delivery.State, delivery.Error is { Length: > 0 }));
        Assert.Equal(0, await Count(db => db.Contacts));
    }

    private Task<WebhookDelivery> ReceiveAsync(params MetaEvent[] events) => Receive(Assert.Single(MetaEvent.Deliver(events)));
}
