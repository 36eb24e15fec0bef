using MetaMessaging.Application.Common;
using MetaMessaging.Application.Outbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Outbound;

public class RetryMessageTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task A_failed_message_is_queued_again_at_its_place_in_the_thread()
    {
        var message = await Given(Some.Failed(Some.Conversation()));

        var answer = await Send(new RetryMessage(message.Id));

        Assert.Equal((message.Id, MessageStatus.Queued), (answer.Id, answer.Status));
        Assert.Null(answer.Error);
        Assert.Equal([message.ConversationId], Dispatcher.Woken);
    }

    [Fact]
    public async Task A_message_that_has_not_failed_cannot_be_retried()
    {
        var message = await Given(Some.Sent(Some.Conversation()));

        Assert.Equal("message_not_failed", (await Assert.ThrowsAsync<ConflictException>(() => Send(new RetryMessage(message.Id)))).Code);
        Assert.Empty(Dispatcher.Woken);
    }

    [Fact]
    public async Task A_retry_outside_the_window_is_refused()
    {
        var message = await Given(Some.Failed(Some.Conversation()));
        Clock.Advance(TimeSpan.FromDays(8));

        Assert.Equal(
            "outside_messaging_window", (await Assert.ThrowsAsync<DomainException>(() => Send(new RetryMessage(message.Id)))).Code);
    }

    [Fact]
    public async Task Another_organizations_message_does_not_exist()
    {
        var theirs = await Given(Some.Failed(Some.Conversation(organizationId: Some.OtherOrganizationId)));

        await Assert.ThrowsAsync<NotFoundException>(() => Send(new RetryMessage(theirs.Id)));
    }
}
