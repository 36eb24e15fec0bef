using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Contacts;
using MetaMessaging.Domain.Conversations;

namespace MetaMessaging.Domain.Tests;

public sealed class ConversationTests
{
    private static readonly DateTimeOffset Now = new(2025, 10, 9, 9, 0, 0, TimeSpan.Zero);
    private static readonly Sender Agent = new(MessageOrigin.Agent, 2, "Anton");

    [Theory]
    [InlineData(-1, WindowState.Open)]
    [InlineData(0, WindowState.HumanAgent)]
    [InlineData(1, WindowState.HumanAgent)]
    public void The_window_closes_a_minute_before_24_hours_have_passed(int seconds, WindowState expected)
    {
        var window = MessagingWindow.At(Now, Now.AddDays(1) - MessagingWindow.SafetyMargin + TimeSpan.FromSeconds(seconds));

        Assert.Equal((expected, Now.AddDays(1), Now.AddDays(7)), (window.State, window.ClosesAt, window.HumanAgentUntil));
    }

    [Theory]
    [InlineData(-1, WindowState.HumanAgent)]
    [InlineData(0, WindowState.Closed)]
    [InlineData(1, WindowState.Closed)]
    public void The_window_for_human_agents_closes_a_minute_before_seven_days_have_passed(int seconds, WindowState expected) =>
        Assert.Equal(
            expected, MessagingWindow.At(Now, Now.AddDays(7) - MessagingWindow.SafetyMargin + TimeSpan.FromSeconds(seconds)).State);

    [Fact]
    public void The_window_is_closed_if_the_customer_has_never_written() =>
        Assert.Equal(new MessagingWindow(WindowState.Closed, null, null), MessagingWindow.At(null, Now));

    [Theory]
    [InlineData(Channel.FacebookMessenger, "x", 2000)]
    [InlineData(Channel.FacebookMessenger, "\u00e4", 2000)]
    [InlineData(Channel.FacebookMessenger, "\ud83d\ude0d", 2000)]
    [InlineData(Channel.InstagramDm, "x", 1000)]
    [InlineData(Channel.InstagramDm, "\u00e4", 500)]
    [InlineData(Channel.InstagramDm, "\ud83d\ude0d", 250)]
    public void Text_length_is_counted_in_the_unit_of_the_channel(Channel channel, string unit, int most)
    {
        MessagingLimits.EnsureTextFits(channel, string.Concat(Enumerable.Repeat(unit, most)));

        var refused = Assert.Throws<DomainException>(
            () => MessagingLimits.EnsureTextFits(channel, string.Concat(Enumerable.Repeat(unit, most + 1))));
        Assert.Equal("text_too_long", refused.Code);
    }

    [Fact]
    public void The_unread_count_is_received_messages_minus_seen_ones()
    {
        var conversation = NewConversation();
        Receive(conversation, Now);
        Receive(conversation, Now.AddMinutes(1));
        Assert.Equal(2, conversation.UnreadCount);

        conversation.MarkSeen();
        Assert.Equal(0, conversation.UnreadCount);

        Receive(conversation, Now.AddMinutes(2));
        conversation.RecordMessage(Message.FromEcho(conversation, "m_e", Text("echo"), null, Now, Now));
        Assert.Equal(1, conversation.UnreadCount);
    }

    [Fact]
    public void A_message_unsent_before_an_agent_saw_it_is_no_longer_unread()
    {
        var conversation = NewConversation();
        Receive(conversation, Now);
        var (seen, unseen) = (ReceiveOne(conversation), ReceiveOne(conversation));
        Assert.True(unseen.Unsend(Now, Now));
        Assert.True(unseen.Unsend(Now.AddMinutes(-1), Now));
        Assert.Equal(2, conversation.UnreadCount);

        conversation.MarkSeen();
        seen.Unsend(Now, Now);
        Assert.Equal(0, conversation.UnreadCount);

        Receive(conversation, Now.AddMinutes(2));
        Assert.Equal(1, conversation.UnreadCount);
    }

    [Theory]
    [InlineData("unknown", null, null)]
    [InlineData(null, "unknown", null)]
    [InlineData(null, "222", "222")]
    [InlineData("222", "unknown", "222")]
    [InlineData("unknown", "222", "222")]
    public void Of_two_owners_at_the_same_time_the_unknown_one_is_the_least(string? first, string? second, string? owner)
    {
        var conversation = NewConversation();

        conversation.RecordThreadOwner(first, Now);
        conversation.RecordThreadOwner(second, Now);

        Assert.Equal(owner, conversation.ThreadOwnerAppId);
    }

    [Fact]
    public void Only_a_newer_message_changes_what_the_list_shows()
    {
        var conversation = NewConversation();
        Receive(conversation, Now.AddMinutes(5), "new");
        Receive(conversation, Now, "late");

        Assert.Equal(
            ("new", Now.AddMinutes(5), Now.AddMinutes(5)),
            (conversation.LastMessagePreview, conversation.LastMessageAt, conversation.LastInboundAt));
    }

    [Fact]
    public void Watermarks_move_forward_only()
    {
        var conversation = NewConversation();

        Assert.True(conversation.AdvanceReadUpTo(Now));
        Assert.False(conversation.AdvanceReadUpTo(Now));
        Assert.False(conversation.AdvanceReadUpTo(Now.AddSeconds(-1)));
        Assert.False(conversation.AdvanceDeliveredUpTo(Now.AddSeconds(-1)));
        Assert.True(conversation.AdvanceDeliveredUpTo(Now.AddSeconds(1)));
        Assert.Equal((Now.AddSeconds(1), Now), (conversation.DeliveredUpTo, conversation.ReadUpTo));
    }

    [Fact]
    public void A_read_watermark_is_also_a_delivered_watermark()
    {
        var conversation = NewConversation();

        conversation.AdvanceReadUpTo(Now);

        Assert.Equal(Now, conversation.DeliveredUpTo);
    }

    [Fact]
    public void A_customers_message_reopens_a_closed_or_snoozed_conversation()
    {
        var conversation = NewConversation();
        conversation.Snooze(Now.AddDays(1), Now);

        Receive(conversation, Now);

        Assert.Equal((ConversationStatus.Open, (DateTimeOffset?)null), (conversation.Status, conversation.SnoozedUntil));
    }

    [Theory]
    [InlineData(159)]
    [InlineData(160)]
    [InlineData(161)]
    public void A_preview_never_ends_in_half_an_emoji(int before)
    {
        var text = new string('x', before) + "\ud83d\ude0d" + new string('y', 50);
        var preview = PreviewOf(Text(text));

        Assert.True(preview.Length <= 161);
        Assert.EndsWith("…", preview, StringComparison.Ordinal);
        Assert.False(char.IsHighSurrogate(preview[^2]));
    }

    [Fact]
    public void A_preview_of_a_text_that_fits_is_the_text() =>
        Assert.Equal(new string('x', 160), PreviewOf(Text(new string('x', 160))));

    [Fact]
    public void A_message_without_text_is_described_by_its_attachments()
    {
        Assert.Equal("Picture", PreviewOf(new MessageContent(null, [new("image", "u")])));
        Assert.Equal("2 attachments", PreviewOf(new MessageContent(null, [new("image", "u"), new("video", "u")])));
        Assert.Equal("Unsupported message", PreviewOf(new MessageContent(null, [])));
    }

    internal static Conversation NewConversation()
    {
        var connection = new PageConnection(1, "109");
        connection.Connect(new ConnectablePage("109", "Blue Cup", "token", null, null), null, 1, null, Now);
        var conversation = new Conversation(
            connection, Channel.FacebookMessenger, Contact.FromFacebook(1, "109", "7654", Now), "7654", Now);
        conversation.RecordCustomerAction(Now);
        return conversation;
    }

    internal static Message NewQueued() => NewConversation().Compose(new MessageDraft("Hello"), Agent, Now)[0];

    private static Message ReceiveOne(Conversation conversation)
    {
        var message = Message.Receive(conversation, "m", Text("hi"), Now, Now);
        conversation.RecordMessage(message);
        return message;
    }

    private static void Receive(Conversation conversation, DateTimeOffset at, string text = "hi") =>
        conversation.RecordMessage(Message.Receive(conversation, "m", Text(text), at, at));

    private static string PreviewOf(MessageContent content) =>
        MessagePreview.Of(Message.Receive(NewConversation(), "m", content, Now, Now));

    private static MessageContent Text(string text) => new(text, []);
}
