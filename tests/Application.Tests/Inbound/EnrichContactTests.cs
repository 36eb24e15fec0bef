using MetaMessaging.Application.Common;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Contacts;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Inbound;

public class EnrichContactTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Name_and_picture_come_from_meta()
    {
        var contact = (await Given(Some.Conversation())).Contact;
        Graph.OnProfile = _ => new MetaProfile("Peter Chang", null, new Uri("https://scontent.xx.fbcdn.net/p.jpg"));

        await Send(new EnrichContact(contact.Id));

        var known = await Row(db => db.Contacts);
        Assert.Equal(("Peter Chang", ProfileState.Complete), (known.Name, known.ProfileState));
        Assert.NotNull(known.AvatarKey);
        Assert.Null(known.ProfileDueAt);
    }

    [Fact]
    public async Task A_name_without_a_picture_is_still_a_name()
    {
        var contact = (await Given(Some.Conversation())).Contact;
        Graph.OnProfile = _ => new MetaProfile("Peter Chang", null, new Uri("https://evil.example/p.jpg"));
        Media.OnDownload = _ => throw new MediaRefusedException("not a host of Meta's");

        await Send(new EnrichContact(contact.Id));

        var known = await Row(db => db.Contacts);
        Assert.Equal(("Peter Chang", ProfileState.Complete, null), (known.Name, known.ProfileState, known.AvatarKey));
    }

    [Fact]
    public async Task An_instagram_username_serves_where_there_is_no_name()
    {
        var contact = (await Given(Some.Conversation(channel: Channel.InstagramDm))).Contact;
        Graph.OnProfile = _ => new MetaProfile(null, "ada.bakes", null);

        await Send(new EnrichContact(contact.Id));

        var known = await Row(db => db.Contacts.Include(c => c.Instagram));
        Assert.Equal(("ada.bakes", "ada.bakes"), (known.Name, known.Instagram[0].Username));
    }

    [Fact]
    public async Task A_name_that_an_agent_chose_stays()
    {
        var contact = (await Given(Some.Conversation())).Contact;
        await Change(async db => (await db.Contacts.SingleAsync()).Rename("Peter from the corner"));

        await Send(new EnrichContact(contact.Id));

        Assert.Equal("Peter from the corner", (await Row(db => db.Contacts)).Name);
    }

    [Theory]
    [InlineData(RefusalClass.Profile)]
    [InlineData(RefusalClass.Permission)]
    [InlineData(RefusalClass.Recipient)]
    [InlineData(RefusalClass.Parameter)]
    public async Task What_meta_will_not_tell_stays_a_placeholder(RefusalClass refusal)
    {
        var contact = (await Given(Some.Conversation())).Contact;
        Graph.OnProfile = _ => throw Some.Refused(refusal);

        await Send(new EnrichContact(contact.Id));

        var known = await Row(db => db.Contacts);
        Assert.Equal((ProfileState.Unavailable, (DateTimeOffset?)null, contact.Name), (known.ProfileState, known.ProfileDueAt, known.Name));
        Assert.Empty(Jobs.Scheduled);
    }

    [Theory]
    [InlineData(RefusalClass.Transient)]
    [InlineData(RefusalClass.Rate)]
    [InlineData(RefusalClass.OutcomeUnknown)]
    public async Task A_passing_trouble_is_asked_again_later(RefusalClass refusal)
    {
        var contact = (await Given(Some.Conversation())).Contact;
        Graph.OnProfile = _ => throw Some.Refused(refusal);

        await Send(new EnrichContact(contact.Id));

        var known = await Row(db => db.Contacts);
        Assert.Equal((ProfileState.Pending, Clock.Now.AddMinutes(1)), (known.ProfileState, known.ProfileDueAt));
        Assert.Equal((new EnrichContact(contact.Id), Clock.Now.AddMinutes(1)), Assert.Single(Jobs.Scheduled));
    }

    [Fact]
    public async Task After_eight_tries_the_placeholder_stays()
    {
        var contact = (await Given(Some.Conversation())).Contact;
        Graph.OnProfile = _ => throw Some.Refused(RefusalClass.Transient);

        for (var i = 0; i < 8; i++)
        {
            await Send(new EnrichContact(contact.Id));
            Clock.Advance(TimeSpan.FromHours(13));
        }

        Assert.Equal(ProfileState.Unavailable, (await Row(db => db.Contacts)).ProfileState);
        Assert.Equal(8, Graph.Calls.Count);
    }

    [Fact]
    public async Task A_dead_token_is_noticed_and_the_profile_waits_for_the_next_one()
    {
        var contact = (await Given(Some.Conversation())).Contact;
        Graph.OnProfile = _ => throw Some.Refused(RefusalClass.Token);

        await Send(new EnrichContact(contact.Id));

        Assert.Equal(ConnectionState.ReauthorizationRequired, (await Row(db => db.Connections)).State);
        Assert.Equal(ProfileState.Pending, (await Row(db => db.Contacts)).ProfileState);
    }

    [Fact]
    public async Task An_alarm_that_rings_too_early_or_twice_does_nothing()
    {
        var contact = (await Given(Some.Conversation())).Contact;
        await Send(new EnrichContact(contact.Id));

        await Send(new EnrichContact(contact.Id));
        await Send(new EnrichContact(4711));

        Assert.Single(Graph.Calls);
    }
}
