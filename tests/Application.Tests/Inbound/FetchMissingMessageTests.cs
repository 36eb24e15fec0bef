using System.Text.Json.Nodes;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Inbound;

public class FetchMissingMessageTests(SliceFixture app) : SliceTest(app)
{
    private const string Mid = "aWdf_missing";

    private static readonly DateTimeOffset Written = Some.Now.AddMinutes(-1);

    [Fact]
    public async Task A_message_known_only_from_edit_number_zero_is_fetched_after_a_delay()
    {
        var parked = await GivenParkedAsync(Zeroth);
        var image = new AttachmentContent("image", "https://scontent.xx.fbcdn.net/a.jpg");
        MetaMessages.OnMessage = _ => new FoundMessage(Some.Igsid, Some.IgAccountId, "Text recovered by mid", Written, [image]);

        await Send(new FetchMissingMessage(parked.Id));
        Assert.Empty(MetaMessages.Calls);
        Clock.Advance(TimeSpan.FromSeconds(30));
        await Send(new FetchMissingMessage(parked.Id));
        await Send(new FetchMissingMessage(parked.Id));

        await ReceiveStoredAsync();
        Assert.Equal($"message {Mid}", Assert.Single(MetaMessages.Calls));
        var message = await Row(db => db.Messages.Include(m => m.Attachments).Include(m => m.Conversation));
        Assert.Equal(
            (Mid, "Text recovered by mid", MessageDirection.Inbound, Written),
            (message.ExternalId, message.Text, message.Direction, message.OccurredAt));
        Assert.Empty(await Rows(db => db.ParkedEvents));
        Assert.Equal(
            (Some.Igsid, Channel.InstagramDm, "image"),
            (message.Conversation.ScopedUserId, message.Channel, Assert.Single(message.Attachments).Type));
    }

    [Fact]
    public async Task A_fetched_reply_to_a_story_keeps_the_story()
    {
        var parked = await GivenParkedAsync(Zeroth);
        MetaMessages.OnMessage = _ => new FoundMessage(
            Some.Igsid, Some.IgAccountId, "Where is this?", Written, [], new FoundStory("179", "https://lookaside.fbsbx.com/story"));
        Clock.Advance(TimeSpan.FromSeconds(30));

        await Send(new FetchMissingMessage(parked.Id));

        await ReceiveStoredAsync();
        var message = await Row(db => db.Messages);
        Assert.Equal(
            ("Where is this?", "179", "https://lookaside.fbsbx.com/story"),
            (message.Text, message.ReplyToStoryId, message.ReplyToStoryUrl));
    }

    [Fact]
    public async Task A_fetched_message_of_the_account_is_an_echo()
    {
        var parked = await GivenParkedAsync(Zeroth);
        MetaMessages.OnMessage = _ => new FoundMessage(Some.IgAccountId, Some.Igsid, "We open at nine", Written, []);
        Clock.Advance(TimeSpan.FromMinutes(1));

        await Send(new FetchMissingMessage(parked.Id));

        await ReceiveStoredAsync();
        var message = await Row(db => db.Messages.Include(m => m.Conversation));
        Assert.Equal(
            (MessageDirection.Outbound, MessageOrigin.External, Some.Igsid, "We open at nine"),
            (message.Direction, message.Origin, message.Conversation.ScopedUserId, message.Text));
    }

    [Fact]
    public async Task A_message_that_has_arrived_meanwhile_is_not_fetched()
    {
        var parked = await GivenParkedAsync(Zeroth);
        await Receive(Payload.InstagramEvent(Payload.InstagramItem("message", $$"""{"mid":"{{Mid}}","text":"Hello"}""")));
        Clock.Advance(TimeSpan.FromMinutes(1));

        await Send(new FetchMissingMessage(parked.Id));

        Assert.Empty(MetaMessages.Calls);
        Assert.Empty(await Rows(db => db.ParkedEvents.Where(p => p.FetchDueAt != null)));
    }

    [Fact]
    public async Task Several_parked_events_of_one_message_cause_one_request()
    {
        var first = await GivenParkedAsync(Zeroth);
        var second = await GivenParkedAsync("""{"reaction":{"mid":"aWdf_missing","action":"react","emoji":"x"}}""", "Reaction", first);
        MetaMessages.OnMessage = _ => new FoundMessage(Some.Igsid, Some.IgAccountId, "Hello", Written, []);
        Clock.Advance(TimeSpan.FromMinutes(1));

        await Task.WhenAll(new[] { first, second, first, second }.Select(p => Send(new FetchMissingMessage(p.Id))));

        Assert.Single(MetaMessages.Calls);
        Assert.Single(Inbox.Stored);
    }

    [Fact]
    public async Task An_unsent_message_is_not_fetched()
    {
        var edit = await GivenParkedAsync(Zeroth);
        await GivenParkedAsync("""{"message":{"mid":"aWdf_missing","is_deleted":true}}""", "Unsend", edit);
        Clock.Advance(TimeSpan.FromMinutes(1));

        await Send(new FetchMissingMessage(edit.Id));

        Assert.Empty(MetaMessages.Calls);
        Assert.Empty(await Rows(db => db.ParkedEvents.Where(p => p.FetchDueAt != null)));
    }

    [Theory]
    [InlineData(RefusalClass.Parameter)]
    [InlineData(RefusalClass.Permission)]
    [InlineData(RefusalClass.Profile)]
    [InlineData(RefusalClass.Token)]
    public async Task A_final_refusal_stops_the_fetching(RefusalClass refusal)
    {
        var parked = await GivenParkedAsync(Zeroth);
        MetaMessages.OnMessage = _ => throw Some.Refused(refusal);
        Clock.Advance(TimeSpan.FromMinutes(1));

        await Send(new FetchMissingMessage(parked.Id));
        Clock.Advance(TimeSpan.FromDays(1));
        await Send(new FetchMissingMessage(parked.Id));

        Assert.Single(MetaMessages.Calls);
        Assert.Empty(Inbox.Stored);
        Assert.Equal(
            refusal is RefusalClass.Token ? ConnectionState.ReauthorizationRequired : ConnectionState.Active,
            (await Row(db => db.Connections)).State);
    }

    [Fact]
    public async Task A_temporary_refusal_is_retried_with_growing_delays_and_then_given_up()
    {
        var parked = await GivenParkedAsync(Zeroth);
        MetaMessages.OnMessage = _ => throw Some.Refused(RefusalClass.Transient);

        for (var i = 0; i < 10; i++)
        {
            Clock.Advance(TimeSpan.FromHours(6));
            await Send(new FetchMissingMessage(parked.Id));
        }

        Assert.Equal(5, MetaMessages.Calls.Count);
        Assert.Equal(4, Jobs.Scheduled.Count(s => s.Job is FetchMissingMessage));
    }

    [Fact]
    public async Task The_edited_text_becomes_the_message_when_meta_does_not_return_it()
    {
        var parked = await GivenParkedAsync("""{"message_edit":{"mid":"aWdf_missing","text":"new text","num_edit":"1"}}""");
        MetaMessages.OnMessage = _ => throw Some.Refused(RefusalClass.Parameter);
        Clock.Advance(TimeSpan.FromMinutes(1));

        await Send(new FetchMissingMessage(parked.Id));

        await ReceiveStoredAsync();
        var message = await Row(db => db.Messages);
        Assert.Equal((Mid, "new text", Written), (message.ExternalId, message.Text, message.OccurredAt));
        Assert.Equal((1, Written), (message.EditCount, message.EditedAt));
        Assert.Empty(await Rows(db => db.ParkedEvents));
    }

    [Fact]
    public async Task Fetching_is_scheduled_for_a_parked_edit_or_reaction_but_not_for_a_receipt()
    {
        var connection = Some.SampleConnection();
        await Given(connection);

        await Change(async db =>
        {
            var known = await db.Connections.SingleAsync();
            foreach (var kind in new[] { "Edit", "Reaction", "Read", "Unsend" })
            {
                var mid = $"aWdf_{kind}";
                db.ParkedEvents.Add(new ParkedEvent(known, Channel.InstagramDm, mid, null, kind, "{}", kind, Clock.Now, Clock.Now));
            }
        });

        Assert.Equal([Clock.Now.AddSeconds(30), Clock.Now.AddSeconds(30)], Jobs.Scheduled.Select(s => s.At));
    }

    private const string Zeroth = """{"timestamp":1760000000001,"message_edit":{"mid":"aWdf_missing","num_edit":0}}""";

    private Task<ParkedEvent> GivenParkedAsync(string body, string kind = "Edit", ParkedEvent? beside = null) =>
        GivenParkedAsync(JsonNode.Parse(body)!, kind, beside);

    private async Task<ParkedEvent> GivenParkedAsync(JsonNode body, string kind, ParkedEvent? beside)
    {
        var connection = beside is null ? await Given(Some.SampleConnection()) : await Row(db => db.Connections);
        var fingerprint = Some.Unique("fingerprint");
        return await Given(new ParkedEvent(
            connection, Channel.InstagramDm, Mid, Some.Igsid, kind, body.ToJsonString(), fingerprint, Written, Clock.Now));
    }

    private async Task ReceiveStoredAsync() => await Receive(Assert.Single(Inbox.Stored));
}
