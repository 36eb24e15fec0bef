using MetaMessaging.Application.Common;
using MetaMessaging.Application.Contacts;
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
    public async Task A_new_contact_gets_name_and_picture_from_meta()
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
    public async Task Profiles_are_still_fetched_while_downloads_wait()
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
    public async Task The_name_is_stored_when_the_picture_cannot_be_downloaded()
    {
        var contact = (await Given(Some.Conversation())).Contact;
        MetaProfiles.OnProfile = _ => new MetaProfile("Peter Chang", null, new Uri("https://evil.example/p.jpg"));
        Media.OnDownload = _ => throw new MediaRefusedException("not a host of Meta's");

        await Send(new EnrichContact(contact.Id));

        var known = await Row(db => db.Contacts);
        Assert.Equal(("Peter Chang", ProfileState.Complete, null), (known.Name, known.ProfileState, known.AvatarKey));
    }

    [Fact]
    public async Task An_instagram_user_name_loses_control_characters_and_direction_marks()
    {
        var contact = (await Given(Some.Conversation(channel: Channel.InstagramDm))).Contact;
        MetaProfiles.OnProfile = _ => new MetaProfile("Ada\u202E", "ada\u2066.bakes\u0007", null);

        await Send(new EnrichContact(contact.Id));

        var known = await Send(new GetContact(contact.Id));
        Assert.Equal(("Ada", "ada.bakes"), (known.Name, known.Instagram[0].Username));
    }

    [Fact]
    public async Task The_instagram_user_name_is_used_when_there_is_no_name()
    {
        var contact = (await Given(Some.Conversation(channel: Channel.InstagramDm))).Contact;
        MetaProfiles.OnProfile = _ => new MetaProfile(null, "ada.bakes", null);

        await Send(new EnrichContact(contact.Id));

        var known = await Row(db => db.Contacts.Include(c => c.Instagram));
        Assert.Equal(("ada.bakes", "ada.bakes"), (known.Name, known.Instagram[0].Username));
    }

    [Fact]
    public async Task A_profile_does_not_replace_a_name_that_an_agent_chose()
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
    public async Task The_placeholder_name_stays_when_meta_refuses_the_profile(RefusalClass refusal)
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
    public async Task A_temporary_refusal_is_retried_later(RefusalClass refusal)
    {
        var contact = (await Given(Some.Conversation())).Contact;
        MetaProfiles.OnProfile = _ => throw Some.Refused(refusal);

        await Send(new EnrichContact(contact.Id));

        var known = await Row(db => db.Contacts);
        Assert.Equal((ProfileState.Pending, Clock.Now.AddMinutes(1)), (known.ProfileState, known.ProfileDueAt));
        Assert.Equal((new EnrichContact(contact.Id), Clock.Now.AddMinutes(1)), Assert.Single(Jobs.Scheduled));
    }

    [Fact]
    public async Task The_placeholder_name_stays_after_eight_attempts()
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
    public async Task An_invalid_token_is_reported_and_the_profile_is_fetched_with_the_next_one()
    {
        var contact = (await Given(Some.Conversation())).Contact;
        MetaProfiles.OnProfile = _ => throw Some.Refused(RefusalClass.Token);

        await Send(new EnrichContact(contact.Id));

        Assert.Equal(ConnectionState.ReauthorizationRequired, (await Row(db => db.Connections)).State);
        Assert.Equal(ProfileState.Pending, (await Row(db => db.Contacts)).ProfileState);
    }

    [Fact]
    public async Task A_job_that_runs_too_early_or_twice_does_nothing()
    {
        var contact = (await Given(Some.Conversation())).Contact;
        await Send(new EnrichContact(contact.Id));

        await Send(new EnrichContact(contact.Id));
        await Send(new EnrichContact(4711));

        Assert.Single(MetaProfiles.Calls);
    }

    [Fact]
    public async Task A_rate_limit_postpones_the_profiles_of_that_page_only()
    {
        var first = await Given(Some.Conversation());
        var second = await Given(Some.Conversation(connection: first.Connection));
        var elsewhere = await Given(Some.Conversation());
        MetaProfiles.OnProfile = recipient => recipient.PageId == first.Connection.PageId
            ? throw Some.Refused(RefusalClass.Rate, TimeSpan.FromMinutes(20))
            : new MetaProfile("Peter Chang", null, null);

        await Send(new EnrichContact(first.ContactId));
        await MakeDueAsync();
        await Send(new EnrichContact(second.ContactId));

        string[] calls = [first.ScopedUserId, second.ScopedUserId, elsewhere.ScopedUserId, elsewhere.ScopedUserId];
        Assert.Equal(calls.Order(), MetaProfiles.Calls.Order());
        var waiting = await Rows(db => db.Contacts.Where(c => c.ProfileDueAt != null));
        Assert.Equal([first.ContactId, second.ContactId], waiting.Select(c => c.Id).Order());
        Assert.All(waiting, c => Assert.InRange(c.ProfileDueAt!.Value, Clock.Now.AddMinutes(20), Clock.Now.AddMinutes(21)));
        Assert.All(waiting, c => Assert.Equal((ProfileState.Pending, 0), (c.ProfileState, c.ProfileAttempts)));
        Clock.Advance(TimeSpan.FromMinutes(22));
        MetaProfiles.OnProfile = _ => new MetaProfile("Peter Chang", null, null);
        await Send(new EnrichContact(second.ContactId));
        Assert.Equal(ProfileState.Complete, (await Rows(db => db.Contacts.Where(c => c.Id == second.ContactId)))[0].ProfileState);
    }

    [Fact]
    public async Task Jobs_that_run_at_the_same_time_ask_meta_once()
    {
        var contact = (await Given(Some.Conversation())).Contact;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Send(new EnrichContact(contact.Id))));

        Assert.Single(MetaProfiles.Calls);
    }

    [Fact]
    public async Task A_job_takes_along_fifteen_other_contacts_that_are_due()
    {
        var conversations = new List<Conversation>();
        for (var i = 0; i < 20; i++) conversations.Add(await Given(Some.Conversation()));
        MetaProfiles.OnProfile = recipient => new MetaProfile($"Person {recipient.ScopedUserId}", null, null);

        await Send(new EnrichContact(conversations[0].ContactId));

        var known = await Rows(db => db.Contacts.OrderBy(c => c.Id));
        Assert.Equal(conversations.Take(16).Select(c => $"Person {c.ScopedUserId}"), known.Take(16).Select(c => c.Name));
        Assert.All(known.Skip(16), c => Assert.Equal(ProfileState.Pending, c.ProfileState));
        foreach (var conversation in conversations) await Send(new EnrichContact(conversation.ContactId));
        Assert.Equal(conversations.Select(c => c.ScopedUserId).Order(), MetaProfiles.Calls.Order());
    }

    [Fact]
    public async Task A_contact_whose_request_fails_unexpectedly_does_not_hold_the_others_up()
    {
        var good = await Given(Some.Conversation());
        var bad = await Given(Some.Conversation());
        MetaProfiles.OnProfile = recipient => recipient.ScopedUserId == bad.ScopedUserId
            ? throw new InvalidOperationException("a bug")
            : new MetaProfile("Peter Chang", null, null);

        await Send(new EnrichContact(good.ContactId));
        Assert.Equal(
            [new EnrichContact(good.ContactId, IsAlone: true), new EnrichContact(bad.ContactId, IsAlone: true)], Jobs.Enqueued);
        await Send(new EnrichContact(good.ContactId, IsAlone: true));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Send(new EnrichContact(bad.ContactId, IsAlone: true)));

        var known = await Rows(db => db.Contacts.OrderBy(c => c.Id));
        Assert.Equal([ProfileState.Complete, ProfileState.Pending], known.Select(c => c.ProfileState));
        Assert.InRange(known[1].ProfileDueAt!.Value, Clock.Now.AddMinutes(3), Clock.Now.AddMinutes(3).AddSeconds(1));
    }

    [Fact]
    public async Task A_name_that_an_agent_chooses_during_the_request_stays()
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
    public async Task An_instagram_profile_includes_who_follows_whom()
    {
        var contact = (await Given(Some.Conversation(channel: Channel.InstagramDm))).Contact;
        MetaProfiles.OnProfile = _ => new MetaProfile("Ada", "ada.bakes", null, true, 1234, true, false);

        await Send(new EnrichContact(contact.Id));

        var identity = Assert.Single((await Send(new GetContact(contact.Id))).Instagram);
        Assert.Equal(
            ("ada.bakes", true, 1234, true, false),
            (identity.Username, identity.IsVerified, identity.FollowerCount, identity.FollowsBusiness, identity.FollowedByBusiness));
    }

    [Fact]
    public async Task A_new_picture_replaces_the_old_one()
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
    public async Task A_picture_is_never_stored_when_the_contact_was_erased_during_its_download()
    {
        var contact = (await Given(Some.Conversation())).Contact;
        MetaProfiles.OnProfile = _ => new MetaProfile("Peter Chang", null, new Uri("https://scontent.xx.fbcdn.net/peter.jpg"));
        var download = Media.OnDownload;
        Media.OnDownload = address =>
        {
            Send(new EraseContact(contact.Id)).GetAwaiter().GetResult();
            return download(address);
        };

        await Send(new EnrichContact(contact.Id));

        Assert.Single(Media.Asked);
        Assert.Empty(Media.Published);
    }

    [Fact]
    public async Task A_refused_refresh_keeps_the_known_profile()
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
    public async Task A_refusal_that_concerns_the_connection_is_shown_there()
    {
        var contact = (await Given(Some.Conversation(channel: Channel.InstagramDm))).Contact;
        const string title = "Turn on 'Allow access to messages'.";
        var refusal = Some.Refusal(RefusalClass.Permission) with { Code = 200, Subcode = 2534041, Title = title };
        MetaProfiles.OnProfile = _ => throw new GraphException(refusal);

        await Send(new EnrichContact(contact.Id));

        Assert.Equal(title, (await Row(db => db.Connections)).Problem);
        Assert.Equal(ProfileState.Unavailable, (await Row(db => db.Contacts)).ProfileState);
    }

    private Task MakeDueAsync()
    {
        var now = Clock.Now;
        return Change(db => db.Contacts.ExecuteUpdateAsync(set => set.SetProperty(c => c.ProfileDueAt, now)));
    }
}
