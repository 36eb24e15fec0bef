using System.Text;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Contacts;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Application.Outbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Contacts;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Contacts;

public class RenameContactTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task The_name_an_agent_gives_stays_whatever_meta_says_later()
    {
        var conversation = await Given(Some.Conversation());

        var renamed = await Send(new RenameContact(conversation.ContactId, "  Peter from the market  "));
        await Send(new EnrichContact(conversation.ContactId));

        Assert.Equal("Peter from the market", renamed.Name);
        var known = await Row(db => db.Contacts);
        Assert.Equal(("Peter from the market", ProfileState.Complete), (known.Name, known.ProfileState));
        Assert.Contains($"conversation 1 {conversation.Id}", Live.Pushed);
    }

    [Fact]
    public async Task A_name_is_not_empty_and_not_endless()
    {
        var contactId = (await Given(Some.Conversation())).ContactId;

        foreach (var bad in new[] { null, "", "   ", new string('x', 401) })
            await Assert.ThrowsAsync<FluentValidation.ValidationException>(() => Send(new RenameContact(contactId, bad)));
        await Assert.ThrowsAsync<NotFoundException>(() => Send(new RenameContact(4711, "x")));
        await Assert.ThrowsAsync<NotFoundException>(() => SendAs(Some.OtherOrganizationId, new RenameContact(contactId, "x")));
    }
}

public class MergeContactsTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Ids_and_conversations_of_both_end_on_one_contact()
    {
        var connection = Some.Connection(igAccountId: Some.Unique("1784"));
        var facebook = await Given(Some.Conversation(connection: connection));
        var instagram = await Given(Some.Conversation(connection: connection, channel: Channel.InstagramDm));

        var merged = await Send(new MergeContacts(facebook.ContactId, instagram.ContactId));

        Assert.Equal((facebook.ScopedUserId, instagram.ScopedUserId), (Assert.Single(merged.Facebook).Psid, Assert.Single(merged.Instagram).Igsid));
        Assert.Equal([facebook.Id, instagram.Id], merged.Conversations.Select(c => c.Id).Order());
        Assert.Equal(facebook.ContactId, (await Row(db => db.Contacts)).Id);
        Assert.Contains($"conversation 1 {instagram.Id}", Live.Pushed);
        await Assert.ThrowsAsync<NotFoundException>(() => Send(new GetContact(instagram.ContactId)));
    }

    [Fact]
    public async Task What_the_one_lacks_comes_from_the_other_and_an_agents_name_goes_first()
    {
        var unknown = await Given(Some.Conversation());
        var known = await Given(Some.Conversation());
        var renamed = await Given(Some.Conversation());
        MetaProfiles.OnProfile = _ => new MetaProfile("Peter Chang", null, new Uri("https://scontent.xx.fbcdn.net/p.jpg"));
        await Send(new EnrichContact(known.ContactId));
        await Send(new RenameContact(renamed.ContactId, "Peter from the market"));

        var merged = await Send(new MergeContacts(unknown.ContactId, known.ContactId));

        Assert.Equal(("Peter Chang", ProfileState.Complete), (merged.Name, merged.ProfileState));
        Assert.NotNull(merged.AvatarUrl);
        Assert.Equal("Peter from the market", (await Send(new MergeContacts(unknown.ContactId, renamed.ContactId))).Name);
    }

    [Fact]
    public async Task The_picture_that_nobody_needs_any_more_is_deleted()
    {
        var one = await Given(Some.Conversation());
        var other = await Given(Some.Conversation());
        MetaProfiles.OnProfile = recipient => new MetaProfile("Peter", null, new Uri($"https://scontent.xx.fbcdn.net/{recipient.ScopedUserId}.jpg"));
        await Send(new EnrichContact(one.ContactId));
        await Send(new EnrichContact(other.ContactId));

        await Send(new MergeContacts(one.ContactId, other.ContactId));

        Assert.Equal([(await Row(db => db.Contacts)).AvatarKey!], Media.Files.Keys);
    }

    [Fact]
    public async Task What_comes_later_for_either_id_comes_to_the_one_contact()
    {
        await Given(Some.SampleConnection());
        await Receive(Payload.Text("one", "m_1", psid: "7001"));
        await Receive(Payload.Text("two", "m_2", psid: "7002"));
        var ids = (await Rows(db => db.Contacts.OrderBy(c => c.Id))).ConvertAll(c => c.Id);

        await Send(new MergeContacts(ids[0], ids[1]));
        await Receive(Payload.Text("three", "m_3", psid: "7002"));

        Assert.Equal(ids[0], (await Row(db => db.Contacts)).Id);
        Assert.Equal(3, await Count(db => db.Messages.Where(m => m.Conversation.ContactId == ids[0])));
    }

    [Fact]
    public async Task Neither_itself_nor_a_stranger_can_be_merged()
    {
        var contactId = (await Given(Some.Conversation())).ContactId;
        var foreign = (await Given(Some.Conversation(organizationId: Some.OtherOrganizationId))).ContactId;

        Assert.Equal("same_contact", (await Assert.ThrowsAsync<DomainException>(() => Send(new MergeContacts(contactId, contactId)))).Code);
        await Assert.ThrowsAsync<NotFoundException>(() => Send(new MergeContacts(contactId, foreign)));
        await Assert.ThrowsAsync<NotFoundException>(() => Send(new MergeContacts(contactId, 4711)));
        await Assert.ThrowsAsync<FluentValidation.ValidationException>(() => Send(new MergeContacts(contactId, 0)));
        Assert.Equal(2, await Count(db => db.Contacts));
    }
}

public class EraseContactTests(SliceFixture app) : SliceTest(app)
{
    private const string Secret = "their secret";

    [Fact]
    public async Task Nothing_of_the_person_stays_and_everything_of_the_others_does()
    {
        await Given(Some.SampleConnection());
        var (contactId, conversationId) = await GivenAPersonWithEverythingAsync();
        await Receive(Payload.Text("what somebody else wrote", "m_other", psid: "7002"));
        var picture = Assert.Single(Media.Files.Keys, k => k == "2025/10/other");

        await Send(new EraseContact(contactId));

        Assert.Equal(["what somebody else wrote"], (await Rows(db => db.Messages)).Select(m => m.Text));
        Assert.DoesNotContain(Some.Psid, (await Rows(db => db.FacebookIdentities)).Select(i => i.Psid));
        Assert.Empty(await Rows(db => db.MessageAttachments));
        Assert.Empty(await Rows(db => db.MessageReactions));
        Assert.Empty(await Rows(db => db.TimelineEntries));
        Assert.Empty(await Rows(db => db.ParkedEvents));
        Assert.Equal([picture], Media.Files.Keys);
        foreach (var delivery in await Rows(db => db.WebhookDeliveries))
        {
            var all = Encoding.UTF8.GetString(delivery.Payload) + delivery.Outcomes;
            Assert.DoesNotContain(Secret, all, StringComparison.Ordinal);
            Assert.DoesNotContain(Some.Psid, all, StringComparison.Ordinal);
        }

        Assert.Contains($"conversation 1 {conversationId}", Live.Pushed);
        await Assert.ThrowsAsync<NotFoundException>(() => Send(new GetContact(contactId)));
    }

    [Fact]
    public async Task A_replay_of_what_was_stored_brings_nobody_back()
    {
        await Given(Some.SampleConnection());
        var (contactId, _) = await GivenAPersonWithEverythingAsync();
        await Send(new EraseContact(contactId));

        foreach (var payload in await Rows(db => db.WebhookDeliveries.OrderBy(d => d.Id).Select(d => d.Payload))) await Receive(payload);

        Assert.Empty(await Rows(db => db.Contacts));
        Assert.Empty(await Rows(db => db.Messages));
    }

    [Fact]
    public async Task Who_writes_again_is_a_new_contact()
    {
        await Given(Some.SampleConnection());
        await Receive(Payload.Text(Secret, "m_1"));
        var contactId = (await Row(db => db.Contacts)).Id;
        await Send(new EraseContact(contactId));

        await Receive(Payload.Text("Hello again", "m_2"));

        Assert.NotEqual(contactId, (await Row(db => db.Contacts)).Id);
        Assert.Equal("Hello again", (await Row(db => db.Messages)).Text);
    }

    [Fact]
    public async Task What_others_said_in_the_same_delivery_stays_to_the_byte()
    {
        await Given(Some.SampleConnection());
        const string other = """{"sender":{"id":"7002"}, "recipient":{"id":"109876543210987"},"timestamp":1760000000002,"message":{"mid":"m_2","text":"caf\u00e9 \ud83d\ude00"}}""";
        var theirs = $$$"""{"sender":{"id":{{{Some.Psid}}}},"recipient":{"id":"109876543210987"},"timestamp":1760000000001,"message":{"mid":"m_1","text":"{{{Secret}}}"}}""";
        await Receive(Payload.Event(Some.PageId, 1760000000001, theirs, other));
        var contact = await Row(db => db.Contacts.Where(c => c.Facebook.Any(f => f.Psid == Some.Psid)));

        await Send(new EraseContact(contact.Id));

        Assert.Equal(Encoding.UTF8.GetString(Payload.Event(Some.PageId, 1760000000001, """{"erased":true}""", other)), Encoding.UTF8.GetString((await Row(db => db.WebhookDeliveries)).Payload));
        Assert.Equal(1, (await Row(db => db.Messages)).WebhookEventIndex);
    }

    [Fact]
    public async Task An_idempotency_key_of_theirs_does_not_outlive_them()
    {
        var conversation = await Given(Some.Conversation());
        var send = new SendMessage(conversation.Id, "Hello") { IdempotencyKey = "order-1" };
        await Send(send);

        await Send(new EraseContact(conversation.ContactId));

        await Assert.ThrowsAsync<NotFoundException>(() => Send(send));
    }

    [Fact]
    public async Task Somebody_elses_contact_cannot_be_erased()
    {
        var contactId = (await Given(Some.Conversation(organizationId: Some.OtherOrganizationId))).ContactId;

        await Assert.ThrowsAsync<NotFoundException>(() => Send(new EraseContact(contactId)));

        Assert.Equal(1, await Count(db => db.Contacts));
    }

    [Theory]
    [InlineData("""{"entry":[{"messaging":[{"sender":{"id":"7"},"x":1}, {"sender":{"id":"8"}}]}]}""", """{"entry":[{"messaging":[{"erased":true}, {"sender":{"id":"8"}}]}]}""")]
    [InlineData("""{"entry":[{"standby":[{"recipient":{"id":7}}]}]}""", """{"entry":[{"standby":[{"erased":true}]}]}""")]
    [InlineData("""{"entry":[{"changes":[{"field":"messages","value":{"sender":{"id":"\u0037"}}}]}]}""", """{"entry":[{"changes":[{"erased":true}]}]}""")]
    [InlineData("""[{"entry":[{"messaging":[{"message_edit":{"mid":"m_7","num_edit":0}}]}]}]""", """[{"entry":[{"messaging":[{"erased":true}]}]}]""")]
    [InlineData("""{"entry":[{"messaging":["7",{"sender":{"id":"8"},"message":{"text":"7 cups"}}]}]}""", """{"erased":true}""")]
    [InlineData("""{"entry":[{"field":"messages","value":{"from":{"id":"7"}}}]}""", """{"erased":true}""")]
    [InlineData("""{"entry":[{"messaging":[{"sender":{"id":"8"},"message":{"mid":"m_8","text":"7 cups, 77 plates"}}]}]}""", null)]
    [InlineData("""{"entry":[{"messaging":[{"sender":{"id":"7"}}""", """{"erased":true}""")]
    [InlineData("not JSON, no number", null)]
    public void Only_what_names_the_person_is_cut_out(string payload, string? expected)
    {
        var redacted = new PersonRedaction(new HashSet<string> { "7" }, new HashSet<string> { "m_7" }).TakenOutOf(Encoding.UTF8.GetBytes(payload));

        Assert.Equal(expected, redacted is null ? null : Encoding.UTF8.GetString(redacted));
    }

    /// <summary>A message with a picture, an edit, reactions of both, an answer, something in the timeline, something that waits.</summary>
    private async Task<(long ContactId, long ConversationId)> GivenAPersonWithEverythingAsync()
    {
        Media.OnDownload = address => address.AbsolutePath.Contains("avatar", StringComparison.Ordinal)
            ? new StoredMedia("2025/10/avatar", null, "image/jpeg", 3, "a.jpg")
            : new StoredMedia("2025/10/picture", "2025/10/thumbnail", "image/jpeg", 3, "p.jpg");
        MetaProfiles.OnProfile = _ => new MetaProfile("Peter Chang", null, new Uri("https://scontent.xx.fbcdn.net/avatar.jpg"));
        await Receive(Payload.Event(Some.PageId, 1760000000001, Theirs(1,
            $$$""" "message":{"mid":"m_1","text":"{{{Secret}}}","attachments":[{"type":"image","payload":{"url":"https://scontent.xx.fbcdn.net/p.jpg"}}]}""")));
        var message = await Row(db => db.Messages);
        await Send(new DownloadAttachment((await Row(db => db.MessageAttachments)).Id));
        await Send(new EnrichContact((await Row(db => db.Contacts)).Id));
        await Send(new ReactToMessage(message.Id, "❤️"));
        await Receive(Payload.Event(Some.PageId, 1760000000002, Theirs(2, $$$""" "message_edit":{"mid":"m_1","text":"{{{Secret}}} again","num_edit":1}""")));
        await Receive(Payload.Event(Some.PageId, 1760000000003, Theirs(3, """ "referral":{"ref":"summer","source":"SHORTLINK","type":"OPEN_THREAD"}""")));
        await Receive(Payload.Event(Some.PageId, 1760000000004, Theirs(4, """ "reaction":{"mid":"m_unknown","emoji":"❤","action":"react"}""")));
        await Receive(Payload.Event(Some.PageId, 1760000000005, """{"timestamp":1760000000005,"message_edit":{"mid":"m_1","num_edit":0}}"""));
        await Send(new SendMessage(message.ConversationId, $"We keep {Secret}"));
        Media.Files["2025/10/other"] = Clock.Now;
        return ((await Row(db => db.Contacts)).Id, message.ConversationId);
    }

    private static string Theirs(int at, string content) =>
        $$$"""{"sender":{"id":"{{{Some.Psid}}}"},"recipient":{"id":"{{{Some.PageId}}}"},"timestamp":{{{1760000000000 + at}}},{{{content}}}}""";
}
