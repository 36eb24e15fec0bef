using MetaMessaging.Application.Common;
using MetaMessaging.Application.Contacts;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Contacts;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Inbound;

public class EnrichContactTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Name_and_picture_come_from_meta()
    {
        var contact = (await Given(Some.Conversation())).Contact;
        MetaProfiles.OnProfile = _ => new MetaProfile("Peter Chang", null, new Uri("https://scontent.xx.fbcdn.net/p.jpg"));

        await Send(new EnrichContact(contact.Id));

        var known = await Row(db => db.Contacts);
        Assert.Equal(("Peter Chang", ProfileState.Complete), (known.Name, known.ProfileState));
        Assert.NotNull(known.AvatarKey);
        Assert.Null(known.ProfileDueAt);
    }

    [Fact]
    public async Task Downloads_give_way_before_names_do()
    {
        var contact = (await Given(Some.Conversation())).Contact;

        Load.Level = LoadLevel.NoEnrichment;
        await Send(new EnrichContact(contact.Id));
        Assert.Equal(ProfileState.Pending, (await Row(db => db.Contacts)).ProfileState);
        Assert.Equal(new EnrichContact(contact.Id), Assert.Single(Jobs.Scheduled).Job);

        Load.Level = LoadLevel.NoDownloads;
        await Send(new EnrichContact(contact.Id));
        Assert.NotEqual(ProfileState.Pending, (await Row(db => db.Contacts)).ProfileState);
    }

    [Fact]
    public async Task A_name_without_a_picture_is_still_a_name()
    {
        var contact = (await Given(Some.Conversation())).Contact;
        MetaProfiles.OnProfile = _ => new MetaProfile("Peter Chang", null, new Uri("https://evil.example/p.jpg"));
        Media.OnDownload = _ => throw new MediaRefusedException("not a host of Meta's");

        await Send(new EnrichContact(contact.Id));

        var known = await Row(db => db.Contacts);
        Assert.Equal(("Peter Chang", ProfileState.Complete, null), (known.Name, known.ProfileState, known.AvatarKey));
    }

    [Fact]
    public async Task An_instagram_username_serves_where_there_is_no_name()
    {
        var contact = (await Given(Some.Conversation(channel: Channel.InstagramDm))).Contact;
        MetaProfiles.OnProfile = _ => new MetaProfile(null, "ada.bakes", null);

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
        MetaProfiles.OnProfile = _ => throw Some.Refused(refusal);

        await Send(new EnrichContact(contact.Id));

        var known = await Row(db => db.Contacts);
        Assert.Equal((ProfileState.Unavailable, (DateTimeOffset?)null, contact.Name), (known.ProfileState, known.ProfileDueAt, known.Name));
        Assert.Empty(Jobs.Scheduled);
    }

    [Theory]
    [InlineData(RefusalClass.Transient)]
    [InlineData(RefusalClass.OutcomeUnknown)]
    public async Task A_passing_trouble_is_asked_again_later(RefusalClass refusal)
    {
        var contact = (await Given(Some.Conversation())).Contact;
        MetaProfiles.OnProfile = _ => throw Some.Refused(refusal);

        await Send(new EnrichContact(contact.Id));

        var known = await Row(db => db.Contacts);
        Assert.Equal((ProfileState.Pending, Clock.Now.AddMinutes(1)), (known.ProfileState, known.ProfileDueAt));
        Assert.Equal((new EnrichContact(contact.Id), Clock.Now.AddMinutes(1)), Assert.Single(Jobs.Scheduled));
    }

    [Fact]
    public async Task After_eight_tries_the_placeholder_stays()
    {
        var contact = (await Given(Some.Conversation())).Contact;
        MetaProfiles.OnProfile = _ => throw Some.Refused(RefusalClass.Transient);

        for (var i = 0; i < 8; i++)
        {
            await Send(new EnrichContact(contact.Id));
            Clock.Advance(TimeSpan.FromHours(13));
        }

        Assert.Equal(ProfileState.Unavailable, (await Row(db => db.Contacts)).ProfileState);
        Assert.Equal(8, MetaProfiles.Calls.Count);
    }

    [Fact]
    public async Task A_dead_token_is_noticed_and_the_profile_waits_for_the_next_one()
    {
        var contact = (await Given(Some.Conversation())).Contact;
        MetaProfiles.OnProfile = _ => throw Some.Refused(RefusalClass.Token);

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

        Assert.Single(MetaProfiles.Calls);
    }

    [Fact]
    public async Task A_limit_postpones_everybody_of_that_page_and_nobody_else()
    {
        var first = await Given(Some.Conversation());
        var second = (await Given(Some.Conversation(connection: first.Connection))).Contact;
        var elsewhere = (await Given(Some.Conversation())).Contact;
        MetaProfiles.OnProfile = to => to.PageId == first.Connection.PageId ? throw Some.Refused(RefusalClass.Rate, TimeSpan.FromMinutes(20)) : new MetaProfile("Peter Chang", null, null);

        await Send(new EnrichContact(first.ContactId));
        await Send(new EnrichContact(second.Id));
        await Send(new EnrichContact(elsewhere.Id));

        Assert.Equal(2, MetaProfiles.Calls.Count);
        var waiting = await Rows(db => db.Contacts.Where(c => c.ProfileDueAt != null));
        Assert.Equal([first.ContactId, second.Id], waiting.Select(c => c.Id).Order());
        Assert.All(waiting, c => Assert.InRange(c.ProfileDueAt!.Value, Clock.Now.AddMinutes(20), Clock.Now.AddMinutes(21)));
        Assert.All(waiting, c => Assert.Equal((ProfileState.Pending, 0), (c.ProfileState, c.ProfileAttempts)));
        Clock.Advance(TimeSpan.FromMinutes(22));
        MetaProfiles.OnProfile = _ => new MetaProfile("Peter Chang", null, null);
        await Send(new EnrichContact(second.Id));
        Assert.Equal(ProfileState.Complete, (await Rows(db => db.Contacts.Where(c => c.Id == second.Id)))[0].ProfileState);
    }

    [Fact]
    public async Task Alarms_that_ring_at_once_ask_once()
    {
        var contact = (await Given(Some.Conversation())).Contact;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Send(new EnrichContact(contact.Id))));

        Assert.Single(MetaProfiles.Calls);
    }

    [Fact]
    public async Task A_name_that_an_agent_chooses_while_meta_is_asked_stays()
    {
        var contact = (await Given(Some.Conversation())).Contact;
        MetaProfiles.OnProfile = _ =>
        {
            Change(async db => (await db.Contacts.SingleAsync()).Rename("Peter from the corner")).GetAwaiter().GetResult();
            return new MetaProfile("Peter Chang", null, null);
        };

        await Send(new EnrichContact(contact.Id));

        var known = await Row(db => db.Contacts);
        Assert.Equal(("Peter from the corner", ProfileState.Complete), (known.Name, known.ProfileState));
    }

    [Fact]
    public async Task Instagram_tells_who_follows_whom()
    {
        var contact = (await Given(Some.Conversation(channel: Channel.InstagramDm))).Contact;
        MetaProfiles.OnProfile = _ => new MetaProfile("Ada", "ada.bakes", null, true, 1234, true, false);

        await Send(new EnrichContact(contact.Id));

        var identity = Assert.Single((await Send(new GetContact(contact.Id))).Instagram);
        Assert.Equal(("ada.bakes", true, 1234, true, false), (identity.Username, identity.IsVerified, identity.FollowerCount, identity.FollowsBusiness, identity.FollowedByBusiness));
    }

    [Fact]
    public async Task A_new_picture_takes_the_old_ones_place()
    {
        var contact = (await Given(Some.Conversation())).Contact;
        MetaProfiles.OnProfile = _ => new MetaProfile("Peter Chang", null, new Uri("https://scontent.xx.fbcdn.net/old.jpg"));
        await Send(new EnrichContact(contact.Id));
        await MakeDueAsync();

        MetaProfiles.OnProfile = _ => new MetaProfile("Peter Chang", null, new Uri("https://scontent.xx.fbcdn.net/new.jpg"));
        await Send(new EnrichContact(contact.Id));

        Assert.Equal((await Row(db => db.Contacts)).AvatarKey, Assert.Single(Media.Files).Key);
    }

    [Fact]
    public async Task What_is_known_outlives_a_refused_refresh()
    {
        var contact = (await Given(Some.Conversation())).Contact;
        await Send(new EnrichContact(contact.Id));
        await MakeDueAsync();

        MetaProfiles.OnProfile = _ => throw Some.Refused(RefusalClass.Profile);
        await Send(new EnrichContact(contact.Id));

        var known = await Row(db => db.Contacts);
        Assert.Equal(("Peter Chang", ProfileState.Complete, (DateTimeOffset?)null), (known.Name, known.ProfileState, known.ProfileDueAt));
    }

    [Fact]
    public async Task That_messages_are_not_allowed_is_a_problem_of_the_connection()
    {
        var contact = (await Given(Some.Conversation(channel: Channel.InstagramDm))).Contact;
        MetaProfiles.OnProfile = _ => throw new GraphException(Some.Refusal(RefusalClass.Permission) with { Code = 200, Subcode = 2534041, Title = "Turn on 'Allow access to messages'." });

        await Send(new EnrichContact(contact.Id));

        Assert.Equal("Turn on 'Allow access to messages'.", (await Row(db => db.Connections)).Problem);
        Assert.Equal(ProfileState.Unavailable, (await Row(db => db.Contacts)).ProfileState);
    }

    private Task MakeDueAsync()
    {
        var now = Clock.Now;
        return Change(db => db.Contacts.ExecuteUpdateAsync(set => set.SetProperty(c => c.ProfileDueAt, now)));
    }
}
