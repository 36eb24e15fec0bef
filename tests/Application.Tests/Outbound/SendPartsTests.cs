using MetaMessaging.Application.Outbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Outbound;

public class SendPartsTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task A_failed_part_holds_back_its_own_send_and_no_other()
    {
        var (conversation, parts) = await GivenFailedFirstPartAsync();
        await Send(new SendMessage(conversation.Id, "another send"));

        await Send(new DeliverMessages(conversation.Id));

        Assert.Equal([MessageStatus.Failed, MessageStatus.Queued, MessageStatus.Queued, MessageStatus.Sent], await StatusesAsync());
        Assert.Equal(["another send"], MetaMessages.Sent.Skip(1).Select(s => s.Text));
        var held = await Row(db => db.Messages.Where(m => m.Id == parts[1]));
        Assert.Equal(Clock.Now.AddHours(1), held.HeldUntil);
        Assert.Contains("part before it has failed", held.Error!.Title, StringComparison.Ordinal);
        Assert.Equal((new DeliverMessages(conversation.Id), Clock.Now.AddHours(1)), Assert.Single(Jobs.Scheduled));
    }

    [Fact]
    public async Task Retrying_a_failed_part_also_sends_the_parts_behind_it()
    {
        var (conversation, parts) = await GivenFailedFirstPartAsync();
        await Send(new SendMessage(conversation.Id, "another send"));
        await Send(new DeliverMessages(conversation.Id));

        await Send(new RetryMessage(parts[0]));
        await Send(new DeliverMessages(conversation.Id));

        Assert.All(await StatusesAsync(), status => Assert.Equal(MessageStatus.Sent, status));
        Assert.Equal(["one", "another send", "one", null, null], MetaMessages.Sent.Select(s => s.Text));
    }

    [Fact]
    public async Task After_an_hour_the_later_parts_fail_as_well_and_are_still_retried_with_it()
    {
        var (conversation, parts) = await GivenFailedFirstPartAsync();
        await Send(new DeliverMessages(conversation.Id));
        Clock.Advance(TimeSpan.FromMinutes(59));
        await Send(new DeliverMessages(conversation.Id));
        Assert.Equal([MessageStatus.Failed, MessageStatus.Queued, MessageStatus.Queued], await StatusesAsync());

        Clock.Advance(TimeSpan.FromMinutes(1));
        await Send(new DeliverMessages(conversation.Id));

        Assert.All(
            await Rows(db => db.Messages),
            m => Assert.Equal((MessageStatus.Failed, true), (m.Status, m.Error!.Retryable || m.Id == parts[0])));
        await Send(new RetryMessage(parts[0]));
        await Send(new DeliverMessages(conversation.Id));
        Assert.All(await StatusesAsync(), status => Assert.Equal(MessageStatus.Sent, status));
    }

    [Fact]
    public async Task A_later_part_that_is_retried_does_not_wait_for_earlier_ones()
    {
        var (conversation, parts) = await GivenFailedFirstPartAsync();
        await Send(new DeliverMessages(conversation.Id));
        Clock.Advance(TimeSpan.FromHours(1));
        await Send(new DeliverMessages(conversation.Id));

        await Send(new RetryMessage(parts[1]));
        await Send(new DeliverMessages(conversation.Id));

        Assert.Equal([MessageStatus.Failed, MessageStatus.Sent, MessageStatus.Queued], await StatusesAsync());
    }

    [Fact]
    public async Task A_late_echo_releases_the_held_parts()
    {
        var connection = await Given(Some.SampleConnection());
        var conversation = await Given(Some.Conversation(connection: connection, customerId: Some.Psid));
        var file = await GivenUpload(Some.Upload());
        await Send(new SendMessage(conversation.Id, "one", AttachmentIds: [file.Id]));
        MetaMessages.RefuseSends(RefusalClass.Parameter);
        await Send(new DeliverMessages(conversation.Id));
        MetaMessages.OnSend = _ => Task.FromResult("m_2");
        var first = (await Rows(db => db.Messages.OrderBy(m => m.Id)))[0];

        await Receive(EchoPayload.Of(first, "m_1", null));
        await Send(new DeliverMessages(conversation.Id));

        Assert.Equal([MessageStatus.Sent, MessageStatus.Sent], await StatusesAsync());
    }

    private Task<MessageAttachment> GivenUpload(MessageAttachment upload)
    {
        Media.Files[upload.StorageKey!] = Clock.Now;
        return Given(upload);
    }

    private async Task<(Conversation Conversation, long[] Parts)> GivenFailedFirstPartAsync()
    {
        var conversation = await Given(Some.Conversation());
        long[] files = [(await GivenUpload(Some.Upload())).Id, (await GivenUpload(Some.Upload())).Id];
        var parts = await Send(new SendMessage(conversation.Id, "one", AttachmentIds: files));
        MetaMessages.OnSend = sent => MetaMessages.Sent.Count == 1 ? throw Some.Refused(RefusalClass.Parameter) : Task.FromResult("");
        return (conversation, [.. parts.Select(p => p.Id)]);
    }

    private Task<List<MessageStatus>> StatusesAsync() => Rows(db => db.Messages.OrderBy(m => m.Id).Select(m => m.Status));
}
