using MetaMessaging.Application.Common;
using MetaMessaging.Application.Conversations;
using MetaMessaging.Application.Outbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Organizations;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Outbound;

public class ReactToMessageTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task A_reaction_is_sent_to_Meta_and_shown_on_the_message()
    {
        var message = await Given(Some.Inbound(Some.Conversation()));

        await Send(new ReactToMessage(message.Id, "❤️"));
        await Send(new ReactToMessage(message.Id, "👍"));

        Assert.Equal([new ReactionModel("business", "👍")], (await Send(new GetMessage(message.Id))).Reactions);
        var (psid, mid) = (message.Conversation.ScopedUserId, message.ExternalId);
        Assert.Equal([$"react {psid} {mid} ❤️", $"react {psid} {mid} 👍"], MetaMessages.Calls);
        Assert.Contains($"updated 1 {message.ConversationId} {message.Id}", Live.Pushed);
    }

    [Fact]
    public async Task For_a_suspended_organization_neither_a_reaction_nor_typing_nor_a_mark_is_sent()
    {
        var message = await Given(Some.Inbound(Some.Conversation()));
        await Change(db => db.Organizations.Where(o => o.Id == Some.OrganizationId)
            .ExecuteUpdateAsync(set => set.SetProperty(o => o.State, OrganizationState.Suspended)));

        await Send(new SetTyping(message.ConversationId, On: true));
        await Send(new SendMarkSeen(message.ConversationId));
        var refused = await Assert.ThrowsAsync<ConflictException>(() => Send(new ReactToMessage(message.Id, "❤️")));

        Assert.Equal("organization_suspended", refused.Code);
        Assert.Empty(MetaMessages.Calls);
    }

    [Fact]
    public async Task Null_removes_the_reaction_even_after_the_window_has_closed()
    {
        var message = await Given(Some.Inbound(Some.Conversation(lastInboundAt: Clock.Now.AddHours(-23)), at: Clock.Now.AddHours(-23)));
        await Send(new ReactToMessage(message.Id, "❤️"));
        Clock.Advance(TimeSpan.FromHours(2));

        await Send(new ReactToMessage(message.Id, null));

        Assert.Empty((await Send(new GetMessage(message.Id))).Reactions);
    }

    [Fact]
    public async Task The_customers_reaction_stays_beside_ours()
    {
        await Given(Some.SampleConnection());
        await Receive(Payload.Text("Hello", "m_1"));
        var message = await Row(db => db.Messages);
        await Receive(Reaction(Some.Psid, Some.PageId, "m_1", "😮", Clock.Now));

        await Send(new ReactToMessage(message.Id, "❤️"));

        Assert.Equal(
            [new ReactionModel("contact", "😮"), new ReactionModel("business", "❤️")], (await Send(new GetMessage(message.Id))).Reactions);
    }

    [Fact]
    public async Task The_webhook_event_of_our_own_reaction_adds_no_second_one()
    {
        await Given(Some.SampleConnection());
        await Receive(Payload.Text("Hello", "m_1"));
        var message = await Row(db => db.Messages);
        var unread = (await Row(db => db.Conversations)).UnreadCount;
        await Send(new ReactToMessage(message.Id, "❤️"));

        await Receive(Reaction(Some.PageId, Some.Psid, "m_1", "❤️", Clock.Now.AddSeconds(1)));   // Meta's clock is ahead of ours
        await Send(new ReactToMessage(message.Id, "👍"));
        await Receive(Reaction(Some.PageId, Some.Psid, "m_1", "❤️", Clock.Now.AddSeconds(-1)));

        Assert.Equal([new ReactionModel("business", "👍")], (await Send(new GetMessage(message.Id))).Reactions);
        Assert.Equal(unread, (await Row(db => db.Conversations)).UnreadCount);
    }

    [Fact]
    public async Task A_reaction_that_Meta_refuses_is_not_stored_and_can_be_repeated()
    {
        var message = await Given(Some.Inbound(Some.Conversation()));
        MetaMessages.OnReact = _ => throw Some.Refused(RefusalClass.Recipient);

        await Assert.ThrowsAsync<GraphException>(() => Send(new ReactToMessage(message.Id, "❤️")));

        Assert.Empty(await Rows(db => db.MessageReactions));
        MetaMessages.OnReact = _ => Task.CompletedTask;
        await Send(new ReactToMessage(message.Id, "❤️"));
        Assert.Single(await Rows(db => db.MessageReactions));
    }

    [Fact]
    public async Task An_invalid_token_is_recorded_on_the_connection()
    {
        var message = await Given(Some.Inbound(Some.Conversation()));
        MetaMessages.OnReact = _ => throw Some.Refused(RefusalClass.Token);

        var refused = await Assert.ThrowsAsync<ConflictException>(() => Send(new ReactToMessage(message.Id, "❤️")));

        Assert.Equal("connection_expired", refused.Code);
        Assert.Equal(ConnectionState.ReauthorizationRequired, (await Row(db => db.Connections)).State);
    }

    [Fact]
    public async Task A_reaction_that_Meta_would_refuse_is_not_sent()
    {
        var late = await Given(Some.Inbound(Some.Conversation(lastInboundAt: Clock.Now.AddHours(-25)), at: Clock.Now.AddHours(-25)));
        var ours = await Given(Some.Sent(Some.Conversation()));
        var unsent = Some.Inbound(Some.Conversation());
        unsent.Unsend(Clock.Now, Clock.Now);
        await Given(unsent);
        var disconnected = Some.Inbound(Some.Conversation());
        disconnected.Conversation.Connection.Disconnect();
        await Given(disconnected);

        Assert.Equal("outside_messaging_window", await CodeAsync(late));
        Assert.Equal("reaction_not_possible", await CodeAsync(ours));
        Assert.Equal("reaction_not_possible", await CodeAsync(unsent));
        Assert.Equal("channel_not_connected", await CodeAsync(disconnected));
        await Assert.ThrowsAsync<NotFoundException>(() => Send(new ReactToMessage(4711, "❤️")));
        Assert.Empty(MetaMessages.Calls);

        async Task<string> CodeAsync(Message message) =>
            (await Assert.ThrowsAnyAsync<DomainException>(() => Send(new ReactToMessage(message.Id, "❤️")))).Code;
    }

    [Fact]
    public async Task The_second_of_two_concurrent_first_reactions_is_a_conflict()
    {
        var message = await Given(Some.Inbound(Some.Conversation()));
        MetaMessages.OnReact = async _ =>
        {
            MetaMessages.OnReact = _ => Task.CompletedTask;
            await Send(new ReactToMessage(message.Id, "👍"));
        };

        var refused = await Assert.ThrowsAsync<ConflictException>(() => Send(new ReactToMessage(message.Id, "❤️")));

        Assert.Equal("changed_meanwhile", refused.Code);
        Assert.Single(await Rows(db => db.MessageReactions));
    }

    private static byte[] Reaction(string from, string to, string mid, string emoji, DateTimeOffset at)
    {
        var time = at.ToUnixTimeMilliseconds();
        return Payload.Event(Some.PageId, time,
            $$$"""
            {"sender":{"id":"{{{from}}}"},"recipient":{"id":"{{{to}}}"},"timestamp":{{{time}}},
            "reaction":{"reaction":"other","emoji":"{{{emoji}}}","action":"react","mid":"{{{mid}}}"}}
            """);
    }
}
