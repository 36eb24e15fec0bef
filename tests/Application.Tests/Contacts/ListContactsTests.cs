using MetaMessaging.Application.Contacts;
using MetaMessaging.Domain.Common;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Contacts;

public class ListContactsTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Contacts_created_between_two_pages_neither_repeat_nor_hide_others()
    {
        var known = new List<long>();
        for (var i = 0; i < 5; i++) known.Add((await Given(Some.Conversation())).ContactId);

        var seen = new List<long>();
        string? cursor = null;
        do
        {
            var page = await Send(new ListContacts(Limit: 2, Cursor: cursor));
            seen.AddRange(page.Items.Select(c => c.Id));
            cursor = page.NextCursor;
            await Given(Some.Conversation());
        }
        while (cursor is not null && seen.Count < 20);

        Assert.Equal(seen.Distinct().Count(), seen.Count);
        Assert.Empty(known.Except(seen));
    }

    [Fact]
    public async Task A_person_is_found_by_name_and_by_metas_id()
    {
        var conversation = await Given(Some.Conversation(channel: Channel.InstagramDm));
        await Given(Some.Conversation());
        await Send(new RenameContact(conversation.ContactId, "100% Åsa_B"));

        foreach (var q in new[] { "00% Å", "SA_b", conversation.ScopedUserId })
            Assert.Equal([conversation.ContactId], (await Send(new ListContacts(q))).Items.Select(c => c.Id));
        Assert.Empty((await Send(new ListContacts("0%x"))).Items);
    }
}
