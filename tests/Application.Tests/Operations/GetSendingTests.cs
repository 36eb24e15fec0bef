using MetaMessaging.Application.Operations;
using MetaMessaging.Application.Outbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Operations;

public class GetSendingTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Refusals_are_counted_by_class_and_code_over_a_day_and_a_week()
    {
        var message = await Given(Some.Sent(Some.Conversation()));
        await RefusedAsync(message, RefusalClass.Rate, 613, TimeSpan.FromHours(1));
        await RefusedAsync(message, RefusalClass.Rate, 613, TimeSpan.FromDays(3));
        await RefusedAsync(message, RefusalClass.OutcomeUnknown, null, TimeSpan.FromHours(2));
        await RefusedAsync(message, RefusalClass.Rate, 613, TimeSpan.FromDays(9));

        var sending = await Send(new GetSending());

        Assert.Equal(
            [new RefusalCount(RefusalClass.Rate, 613, null, 1, 2), new RefusalCount(RefusalClass.OutcomeUnknown, null, null, 1, 1)],
            sending.Refusals);
    }

    [Fact]
    public async Task Each_page_shows_its_remaining_allowance_and_whether_it_is_paused()
    {
        var connection = await Given(Some.Connection(igAccountId: Some.Unique("1784")));
        var message = await Given(Some.Queued(Some.Conversation(connection: connection)));
        MetaMessages.RefuseSends(RefusalClass.Rate, TimeSpan.FromMinutes(9));
        await Send(new DeliverMessages(message.ConversationId));

        var sending = await Send(new GetSending());

        var page = Assert.Single(sending.Pages);
        Assert.Equal((connection.PageId, Clock.Now.AddMinutes(9)), (page.PageId, page.SendsPausedUntil));
        Assert.Equal(
            [(Channel.FacebookMessenger, connection.PageId), (Channel.InstagramDm, connection.IgAccountId!)],
            page.Accounts.Select(a => (a.Channel, a.AccountId)));
        Assert.Equal((28.0, 100), (page.Accounts[0].Allowance.Usage[0].CallCount, page.Accounts[0].Allowance.Calls[0].PerSecond));
        Assert.Equal((1, 0, 0), (sending.Queued, sending.Sending, sending.FailedLast24Hours));

        Clock.Advance(TimeSpan.FromMinutes(9));
        Assert.Null(Assert.Single((await Send(new GetSending())).Pages).SendsPausedUntil);
    }

    [Fact]
    public async Task Figures_of_another_organization_are_not_included()
    {
        var theirs = await Given(Some.Sent(Some.Conversation(organizationId: Some.OtherOrganizationId)));
        await RefusedAsync(theirs, RefusalClass.Rate, 613, TimeSpan.Zero);

        var sending = await Send(new GetSending());

        Assert.Empty(sending.Refusals);
        Assert.Empty(sending.Pages);
    }

    [Fact]
    public async Task Refusals_older_than_a_week_are_purged()
    {
        var message = await Given(Some.Sent(Some.Conversation()));
        await RefusedAsync(message, RefusalClass.Rate, 613, TimeSpan.FromDays(8));
        await RefusedAsync(message, RefusalClass.Rate, 613, TimeSpan.FromDays(6));

        await Send(new DeleteExpiredSendRecords());

        Assert.Equal(1, await Count(db => db.SendRefusals));
    }

    private Task RefusedAsync(Message message, RefusalClass refusal, int? code, TimeSpan ago) => Change(db =>
    {
        db.SendRefusals.Add(new SendRefusal(message, Some.Refusal(refusal) with { Code = code, Subcode = null }, Clock.Now - ago));
        return Task.CompletedTask;
    });
}
