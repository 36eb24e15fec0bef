using MetaMessaging.Application.Common;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Contacts;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Inbound;

public class RefreshProfilesTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task The_profile_is_fetched_again_when_a_contact_writes_after_a_week()
    {
        var contactId = await GivenKnownPersonAsync();
        Clock.Advance(TimeSpan.FromDays(8));
        await WriteAsync();

        await Send(new RefreshProfiles());
        await Send(new RefreshProfiles());

        Assert.Equal(new EnrichContact(contactId), Assert.Single(Jobs.Enqueued));
        Assert.Equal(Clock.Now, (await Row(db => db.Contacts)).ProfileDueAt);
        MetaProfiles.OnProfile = _ => new MetaProfile("Peter Chang-Olsen", null, null);
        await Send(new EnrichContact(contactId));
        Assert.Equal("Peter Chang-Olsen", (await Row(db => db.Contacts)).Name);
    }

    [Fact]
    public async Task The_profile_is_not_fetched_again_within_a_week()
    {
        await GivenKnownPersonAsync();
        Clock.Advance(TimeSpan.FromDays(6));
        await WriteAsync();

        await Send(new RefreshProfiles());

        Assert.Empty(Jobs.Enqueued);
    }

    [Fact]
    public async Task The_profile_of_a_contact_who_does_not_write_is_not_fetched_again()
    {
        await GivenKnownPersonAsync();
        Clock.Advance(TimeSpan.FromDays(80));

        await Send(new RefreshProfiles());

        Assert.Empty(Jobs.Enqueued);
    }

    [Fact]
    public async Task A_profile_refused_for_missing_consent_is_fetched_after_the_next_message()
    {
        var contactId = await GivenKnownPersonAsync(
            () => throw new GraphException(Some.Refusal(RefusalClass.Profile) with { Code = 230, Subcode = null }));
        await Send(new RefreshProfiles());
        Assert.Empty(Jobs.Enqueued);

        Clock.Advance(TimeSpan.FromMinutes(1));
        await WriteAsync();
        await Send(new RefreshProfiles());

        Assert.Equal(new EnrichContact(contactId), Assert.Single(Jobs.Enqueued));
    }

    [Fact]
    public async Task A_refused_profile_is_not_fetched_again_and_again()
    {
        await GivenKnownPersonAsync(() => throw Some.Refused(RefusalClass.Profile));

        for (var minute = 0; minute < 60; minute += 5)
        {
            Clock.Advance(TimeSpan.FromMinutes(5));
            await WriteAsync();
            await Send(new RefreshProfiles());
        }

        Assert.Empty(Jobs.Enqueued);
        Assert.Equal(ProfileState.Unavailable, (await Row(db => db.Contacts)).ProfileState);
    }

    private async Task<long> GivenKnownPersonAsync(Func<MetaProfile>? answer = null)
    {
        var contact = (await Given(Some.Conversation())).Contact;
        if (answer is not null) MetaProfiles.OnProfile = _ => answer();
        await Send(new EnrichContact(contact.Id));
        return contact.Id;
    }

    private Task WriteAsync() => Change(async db =>
    {
        var conversation = await db.Conversations.SingleAsync();
        conversation.RecordMessage(Some.Inbound(conversation, at: Clock.Now));
    });
}
