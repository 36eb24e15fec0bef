using System.Text;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Contacts;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Application.Outbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Contacts;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Contacts;

public class RenameContactTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task A_name_that_an_agent_gives_is_kept_when_meta_sends_another()
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
    public async Task An_empty_or_too_long_name_is_refused()
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
    public async Task Merging_moves_ids_and_conversations_to_one_contact()
    {
        var connection = Some.Connection(igAccountId: Some.Unique("1784"));
        var facebook = await Given(Some.Conversation(connection: connection));
        var instagram = await Given(Some.Conversation(connection: connection, channel: Channel.InstagramDm));

        var merged = await Send(new MergeContacts(facebook.ContactId, instagram.ContactId));

        Assert.Equal(
            (facebook.ScopedUserId, instagram.ScopedUserId), (Assert.Single(merged.Facebook).Psid, Assert.Single(merged.Instagram).Igsid));
        Assert.Equal([facebook.Id, instagram.Id], merged.Conversations.Select(c => c.Id).Order());
        Assert.Equal(facebook.ContactId, (await Row(db => db.Contacts)).Id);
        Assert.Contains($"conversation 1 {instagram.Id}", Live.Pushed);
        await Assert.ThrowsAsync<NotFoundException>(() => Send(new GetContact(instagram.ContactId)));
    }

    [Fact]
    public async Task A_merged_contact_gets_what_it_lacks_and_keeps_the_name_an_agent_gave()
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
    public async Task The_unused_picture_is_deleted_after_a_merge()
    {
        var one = await Given(Some.Conversation());
        var other = await Given(Some.Conversation());
        MetaProfiles.OnProfile = recipient =>
            new MetaProfile("Peter", null, new Uri($"https://scontent.xx.fbcdn.net/{recipient.ScopedUserId}.jpg"));
        await Send(new EnrichContact(one.ContactId));
        await Send(new EnrichContact(other.ContactId));

        await Send(new MergeContacts(one.ContactId, other.ContactId));

        Assert.Equal([(await Row(db => db.Contacts)).AvatarKey!], Media.Files.Keys);
    }

    [Fact]
    public async Task Later_messages_of_both_ids_belong_to_the_merged_contact()
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
    public async Task A_contact_cannot_be_merged_with_itself_or_with_an_unknown_one()
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

public class UnmergeContactTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task An_id_that_is_split_off_becomes_a_contact_with_its_conversations_and_a_profile_of_its_own()
    {
        await Given(Some.SampleConnection());
        await Receive(Payload.Text("one", "m_1", psid: "7001"));
        await Receive(Payload.Text("two", "m_2", psid: "7002"));
        var ids = (await Rows(db => db.Contacts.OrderBy(c => c.Id))).ConvertAll(c => c.Id);
        var merged = await Send(new MergeContacts(ids[0], ids[1]));
        MetaProfiles.OnProfile = recipient => new MetaProfile($"Profile of {recipient.ScopedUserId}", null, null);

        var split = await Send(new UnmergeContact(ids[0], merged.Facebook.Single(f => f.Psid == "7002").Id));
        await Receive(Payload.Text("three", "m_3", psid: "7002"));
        foreach (var id in new[] { ids[0], split.Id }) await Send(new EnrichContact(id));

        Assert.Equal(("7002", 1), (Assert.Single(split.Facebook).Psid, split.Conversations.Count));
        var texts = await Rows(db => db.Messages.Where(m => m.Conversation.ContactId == split.Id).OrderBy(m => m.Id).Select(m => m.Text));
        Assert.Equal(["two", "three"], texts);
        Assert.Equal("Profile of 7002", (await Send(new GetContact(split.Id))).Name);
        var kept = await Send(new GetContact(ids[0]));
        Assert.Equal(("Profile of 7001", "7001", 1), (kept.Name, Assert.Single(kept.Facebook).Psid, kept.Conversations.Count));
        Assert.Contains($"conversation 1 {split.Conversations[0].Id}", Live.Pushed);
        Assert.Contains($"conversation 1 {kept.Conversations[0].Id}", Live.Pushed);
        var entry = Assert.Single(await Rows(db => db.AuditEntries.Where(e => e.Action == "contact.unmerged")));
        Assert.Equal(($"{ids[0]}", $$"""{"newContactId":[null,{{split.Id}}]}"""), (entry.TargetId, entry.Changes));
    }

    [Fact]
    public async Task Ids_of_the_two_channels_are_never_confused_and_the_scoped_id_names_one_too()
    {
        var connection = Some.Connection(igAccountId: Some.Unique("1784"));
        var facebook = await Given(Some.Conversation(connection: connection));
        var instagram = await Given(Some.Conversation(connection: connection, channel: Channel.InstagramDm));
        var merged = await Send(new MergeContacts(facebook.ContactId, instagram.ContactId));

        Assert.NotEqual(merged.Facebook[0].Id, merged.Instagram[0].Id);
        var split = await Send(new UnmergeContact(merged.Id, long.Parse(instagram.ScopedUserId, null)));

        Assert.Equal((instagram.ScopedUserId, instagram.Id), (Assert.Single(split.Instagram).Igsid, Assert.Single(split.Conversations).Id));
        var only = await Assert.ThrowsAsync<DomainException>(() => Send(new UnmergeContact(split.Id, split.Instagram[0].Id)));
        Assert.Equal("only_identity", only.Code);
        var unknown = await Assert.ThrowsAsync<NotFoundException>(() => Send(new UnmergeContact(merged.Id, split.Instagram[0].Id)));
        Assert.Equal("identity_not_found", unknown.Code);
        await Assert.ThrowsAsync<NotFoundException>(
            () => SendAs(Some.OtherOrganizationId, new UnmergeContact(merged.Id, merged.Facebook[0].Id)));
    }
}

public class EraseContactTests(SliceFixture app) : SliceTest(app)
{
    private const string Secret = "their secret";

    [Fact]
    public async Task Erasing_a_contact_removes_everything_of_it_and_nothing_of_others()
    {
        await Given(Some.SampleConnection());
        var (contactId, conversationId) = await GivenContactWithEverythingAsync();
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
    public async Task Replaying_stored_deliveries_does_not_bring_an_erased_contact_back()
    {
        await Given(Some.SampleConnection());
        var (contactId, _) = await GivenContactWithEverythingAsync();
        await Send(new EraseContact(contactId));

        foreach (var payload in await Rows(db => db.WebhookDeliveries.OrderBy(d => d.Id).Select(d => d.Payload))) await Receive(payload);

        Assert.Empty(await Rows(db => db.Contacts));
        Assert.Empty(await Rows(db => db.Messages));
    }

    [Fact]
    public async Task An_erased_person_who_writes_again_is_a_new_contact()
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
    public async Task Events_of_others_in_the_same_delivery_are_kept_byte_for_byte()
    {
        await Given(Some.SampleConnection());
        const string other = """
            {"sender":{"id":"7002"}, "recipient":{"id":"109876543210987"},"message":{"mid":"m_2","text":"caf\u00e9 \ud83d\ude00"}}
            """;
        var theirs = $$$"""
            {"sender":{"id":{{{Some.Psid}}}},"recipient":{"id":"109876543210987"},"message":{"mid":"m_1","text":"{{{Secret}}}"}}
            """;
        await Receive(Payload.Event(Some.PageId, 1760000000001, theirs, other));
        var contact = await Row(db => db.Contacts.Where(c => c.Facebook.Any(f => f.Psid == Some.Psid)));

        await Send(new EraseContact(contact.Id));

        var expected = Payload.Event(Some.PageId, 1760000000001, """{"erased":true}""", other);
        var stored = (await Row(db => db.WebhookDeliveries)).Payload;
        Assert.Equal(Encoding.UTF8.GetString(expected), Encoding.UTF8.GetString(stored));
        Assert.Equal(1, (await Row(db => db.Messages)).WebhookEventIndex);
    }

    [Fact]
    public async Task Idempotency_keys_of_an_erased_contact_are_deleted()
    {
        var conversation = await Given(Some.Conversation());
        var send = new SendMessage(conversation.Id, "Hello") { IdempotencyKey = "order-1" };
        await Send(send);

        await Send(new EraseContact(conversation.ContactId));

        await Assert.ThrowsAsync<NotFoundException>(() => Send(send));
    }

    [Fact]
    public async Task A_contact_of_another_organization_cannot_be_erased()
    {
        var contactId = (await Given(Some.Conversation(organizationId: Some.OtherOrganizationId))).ContactId;

        await Assert.ThrowsAsync<NotFoundException>(() => Send(new EraseContact(contactId)));

        Assert.Equal(1, await Count(db => db.Contacts));
    }

    [Theory]
    [InlineData(
        """{"entry":[{"messaging":[{"sender":{"id":"7"},"x":1}, {"sender":{"id":"8"}}]}]}""",
        """{"entry":[{"messaging":[{"erased":true}, {"sender":{"id":"8"}}]}]}""")]
    [InlineData("""{"entry":[{"standby":[{"recipient":{"id":7}}]}]}""", """{"entry":[{"standby":[{"erased":true}]}]}""")]
    [InlineData(
        """{"entry":[{"changes":[{"field":"messages","value":{"sender":{"id":"\u0037"}}}]}]}""",
        """{"entry":[{"changes":[{"erased":true}]}]}""")]
    [InlineData(
        """[{"entry":[{"messaging":[{"message_edit":{"mid":"m_7","num_edit":0}}]}]}]""",
        """[{"entry":[{"messaging":[{"erased":true}]}]}]""")]
    [InlineData("""{"entry":[{"messaging":["7",{"sender":{"id":"8"},"message":{"text":"7 cups"}}]}]}""", """{"erased":true}""")]
    [InlineData("""{"entry":[{"field":"messages","value":{"from":{"id":"7"}}}]}""", """{"erased":true}""")]
    [InlineData("""{"entry":[{"messaging":[{"sender":{"id":"8"},"message":{"mid":"m_8","text":"7 cups, 77 plates"}}]}]}""", null)]
    [InlineData("""{"entry":[{"messaging":[{"sender":{"id":"7"}}""", """{"erased":true}""")]
    [InlineData("not JSON, no number", null)]
    public void Only_events_that_name_the_person_are_redacted(string payload, string? expected)
    {
        var redaction = new PersonRedaction(new HashSet<string> { "7" }, new HashSet<string> { "m_7" });

        var redacted = redaction.Redact(Encoding.UTF8.GetBytes(payload));

        Assert.Equal(expected, redacted is null ? null : Encoding.UTF8.GetString(redacted));
    }

    /// <summary>A contact with a message and its picture, an edit, two reactions, an answer, a timeline entry and a parked event.</summary>
    private async Task<(long ContactId, long ConversationId)> GivenContactWithEverythingAsync()
    {
        Media.OnDownload = address => address.AbsolutePath.Contains("avatar", StringComparison.Ordinal)
            ? new StoredMedia("2025/10/avatar", null, "image/jpeg", 3, "a.jpg")
            : new StoredMedia("2025/10/picture", "2025/10/thumbnail", "image/jpeg", 3, "p.jpg");
        MetaProfiles.OnProfile = _ => new MetaProfile("Peter Chang", null, new Uri("https://scontent.xx.fbcdn.net/avatar.jpg"));
        await Receive(Event(1, "message",
            $$$"""
            {
                "mid":"m_1",
                "text":"{{{Secret}}}",
                "attachments":[{"type":"image","payload":{"url":"https://scontent.xx.fbcdn.net/p.jpg"}}]
            }
            """));
        var message = await Row(db => db.Messages);
        await Send(new DownloadAttachment((await Row(db => db.MessageAttachments)).Id));
        await Send(new EnrichContact((await Row(db => db.Contacts)).Id));
        await Send(new ReactToMessage(message.Id, "❤️"));
        await Receive(Event(2, "message_edit", $$"""{"mid":"m_1","text":"{{Secret}} again","num_edit":1}"""));
        await Receive(Event(3, "referral", """{"ref":"summer","source":"SHORTLINK","type":"OPEN_THREAD"}"""));
        await Receive(Event(4, "reaction", """{"mid":"m_unknown","emoji":"❤","action":"react"}"""));
        const string editZero = """{"timestamp":1760000000005,"message_edit":{"mid":"m_1","num_edit":0}}""";
        await Receive(Payload.Event(Some.PageId, 1760000000005, editZero));
        await Send(new SendMessage(message.ConversationId, $"We keep {Secret}"));
        Media.Files["2025/10/other"] = Clock.Now;
        return ((await Row(db => db.Contacts)).Id, message.ConversationId);
    }

    private static byte[] Event(int number, string key, string json) =>
        Payload.Event(Some.PageId, 1760000000000 + number, Payload.Item(key, json, at: 1760000000000 + number));
}
