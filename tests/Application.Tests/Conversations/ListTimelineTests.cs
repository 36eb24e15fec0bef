using MetaMessaging.Application.Conversations;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Conversations;

public class ListTimelineTests(SliceFixture app) : SliceTest(app)
{
    private const string Ad =
        """
        {"ref":"x","ad_id":"6045246247433","source":"ADS","type":"OPEN_THREAD","ads_context_data":{"ad_title":"Summer",
         "photo_url":"https://scontent.xx.fbcdn.net/p","video_url":"https://video.xx.fbcdn.net/v","post_id":"109_1","product_id":"55",
         "flow_id":"9"}}
        """;

    [Fact]
    public async Task Messages_and_entries_are_one_list_by_pages()
    {
        var id = await GivenEventsAsync(
            MetaEvent.Text("m_1", "one", 1), MetaEvent.Other("referral", """{"ref":"a"}""", 1),
            MetaEvent.Other("optin", """{"ref":"b"}""", 2), MetaEvent.Text("m_2", "two", 2), MetaEvent.Text("m_3", "three", 2),
            MetaEvent.Policy("warning", "Careful.", 2.5), MetaEvent.Other("pass_thread_control", """{"new_owner_app_id":"222"}""", 3),
            MetaEvent.Text("m_4", "four", 4));
        var all = await Send(new ListTimeline(id));

        var paged = new List<TimelineItemModel>();
        var cursor = (string?)null;
        do
        {
            var page = await Send(new ListTimeline(id, 1, cursor));
            paged.Add(Assert.Single(page.Items));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Equal(
            ["four", "Handover", "Policy", "OptIn", "three", "two", "Referral", "one"],
            all.Items.Select(i => i.Message?.Text ?? i.Type.ToString()));
        Assert.Null(all.NextCursor);
        Assert.Equal(all.Items.Select(i => (i.Type, i.Id)), paged.Select(i => (i.Type, i.Id)));
    }

    [Fact]
    public async Task The_title_of_an_ad_loses_control_characters_and_direction_marks()
    {
        var id = await GivenEventsAsync(
            MetaEvent.Other("referral", """{"ad_id":"6","source":"ADS","ads_context_data":{"ad_title":"\u202eSummer\n"}}""", 1));

        var entry = Assert.Single((await Send(new ListTimeline(id))).Items);

        Assert.Equal(("Came from the ad “Summer”", "Summer"), (entry.Text, entry.Referral!.AdTitle));
    }

    [Fact]
    public async Task A_referral_is_told_whole_on_timeline_and_conversation()
    {
        var id = await GivenEventsAsync(MetaEvent.Other("referral", Ad, 2), MetaEvent.Other("referral", """{"ref":"older"}""", 1));

        var item = (await Send(new ListTimeline(id))).Items[0];
        var referral = (await Send(new GetConversation(id))).Referral;

        Assert.Equal("6045246247433", item.Data!.Value.GetProperty("ad_id").GetString());
        foreach (var told in new[] { item.Referral, referral })
        {
            Assert.Equal(
                ("x", "ADS", "OPEN_THREAD", "6045246247433", "Summer", "109_1", "55", "9"),
                (told!.Ref, told.Source, told.Type, told.AdId, told.AdTitle, told.PostId, told.ProductId, told.FlowId));
        }
    }

    [Fact]
    public async Task A_message_and_a_tap_with_a_referral_tell_it_on_the_conversation_too()
    {
        var id = await GivenEventsAsync(MetaEvent.Message($$"""{"mid":"m_1","text":"hi","referral":{{Ad}}}""", 1));
        Assert.Equal("Summer", (await Send(new GetConversation(id))).Referral!.AdTitle);

        await ReceiveAsync(MetaEvent.Other("postback", """{"mid":"m_2","title":"Start","referral":{"ref":"spring"}}""", 2));

        Assert.Equal("spring", (await Send(new GetConversation(id))).Referral!.Ref);
        Assert.Equal("spring", (await Send(new ListTimeline(id))).Items[0].Message!.Referral!.Ref);
    }

    [Fact]
    public async Task The_answers_to_a_lead_ad_belong_to_the_referral()
    {
        await Given(Some.SampleConnection());
        await Receive(Payload.Messenger("referral-lead-complete"));
        var id = (await Row(db => db.Conversations)).Id;

        var referral = (await Send(new ListTimeline(id))).Items[0].Referral!;

        Assert.Equal(("LEAD_COMPLETE", "Oslo"), (referral.Type, referral.Lead[1].Answer));
    }

    [Fact]
    public async Task An_opt_in_is_told_whole_on_timeline_and_conversation()
    {
        await Given(Some.SampleConnection());
        await Receive(Payload.Messenger("optin-notification-messages"));
        var id = (await Row(db => db.Conversations)).Id;

        var item = (await Send(new ListTimeline(id))).Items[0];

        Assert.Equal(("notification_messages", "Weekly deals"), (item.OptIn!.Type, item.OptIn.Title));
        Assert.NotNull(item.OptIn.Token);
        Assert.Equal(item.OptIn, (await Send(new GetConversation(id))).OptIn);
    }

    private async Task<long> GivenEventsAsync(params MetaEvent[] events)
    {
        await Given(Some.SampleConnection());
        await ReceiveAsync(events);
        return (await Row(db => db.Conversations)).Id;
    }

    private async Task ReceiveAsync(params MetaEvent[] events)
    {
        foreach (var body in MetaEvent.Deliver(events)) await Receive(body);
    }
}
