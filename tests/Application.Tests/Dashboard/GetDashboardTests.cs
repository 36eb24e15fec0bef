using FluentValidation;
using MetaMessaging.Application.Dashboard;
using MetaMessaging.Domain.Common;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Dashboard;

public class GetDashboardTests(SliceFixture app) : SliceTest(app)
{
    private static readonly DateOnly Today = new(2025, 10, 9);

    [Fact]
    public async Task Every_day_and_channel_has_a_row_zeros_included()
    {
        var dashboard = await Send(new GetDashboard(Today.AddDays(-2), Today));

        Assert.Equal(6, dashboard.Series.Count);
        Assert.All(
            dashboard.Series, day => Assert.Equal((0, 0, 0, 0, 0), (day.Inbound, day.Outbound, day.Delivered, day.Read, day.Failed)));
        Assert.Equal([Today.AddDays(-2), Today.AddDays(-1), Today], dashboard.Series.Select(d => d.Date).Distinct());
        Assert.Null(dashboard.Totals.MedianFirstResponseSeconds);
    }

    [Fact]
    public async Task Without_dates_it_is_the_last_fourteen_days()
    {
        var dashboard = await Send(new GetDashboard());

        Assert.Equal((Today.AddDays(-13), Today), (dashboard.Series[0].Date, dashboard.Series[^1].Date));
    }

    [Fact]
    public async Task Messages_are_counted_by_their_status()
    {
        var conversation = await Given(Some.Conversation());
        await Given(Some.Inbound(conversation));
        await Given(Some.Sent(conversation));
        var delivered = Some.Sent(conversation);
        delivered.MarkDelivered(Clock.Now);
        await Given(delivered);
        var read = Some.Sent(conversation);
        read.MarkRead(Clock.Now);
        await Given(read);
        await Given(Some.Failed(conversation));

        var dashboard = await Send(new GetDashboard(Today, Today));

        var day = dashboard.Series.Single(d => d.Channel is Channel.FacebookMessenger);
        Assert.Equal((1, 4, 2, 1, 1), (day.Inbound, day.Outbound, day.Delivered, day.Read, day.Failed));
        Assert.Equal(
            (1, 4, 2, 1, 1),
            (
                dashboard.Totals.Inbound,
                dashboard.Totals.Outbound,
                dashboard.Totals.Delivered,
                dashboard.Totals.Read,
                dashboard.Totals.Failed));
        Assert.Equal(1, dashboard.Totals.OpenConversations);
    }

    [Fact]
    public async Task A_day_begins_and_ends_in_the_time_zone_of_the_caller()
    {
        var conversation = await Given(Some.Conversation());
        // half past midnight in Berlin
        await Given(Some.Inbound(conversation, at: new DateTimeOffset(2025, 10, 8, 22, 30, 0, TimeSpan.Zero)));

        var berlin = await Send(new GetDashboard(Today, Today, "Europe/Berlin"));
        var utc = await Send(new GetDashboard(Today, Today, "UTC"));
        var newYork = await Send(new GetDashboard(Today.AddDays(-1), Today.AddDays(-1), "America/New_York"));

        Assert.Equal((1, 0, 1), (berlin.Totals.Inbound, utc.Totals.Inbound, newYork.Totals.Inbound));
    }

    [Fact]
    public async Task The_day_when_the_clocks_change_has_25_hours()
    {
        var conversation = await Given(Some.Conversation());
        var day = new DateOnly(2025, 10, 26);
        await Given(Some.Inbound(conversation, at: new DateTimeOffset(2025, 10, 25, 22, 0, 0, TimeSpan.Zero)));
        await Given(Some.Inbound(conversation, at: new DateTimeOffset(2025, 10, 26, 22, 59, 59, TimeSpan.Zero)));
        await Given(Some.Inbound(conversation, at: new DateTimeOffset(2025, 10, 26, 23, 0, 0, TimeSpan.Zero)));

        var dashboard = await Send(new GetDashboard(day, day, "Europe/Berlin"));

        Assert.Equal(2, dashboard.Totals.Inbound);
    }

    [Fact]
    public async Task The_median_answer_is_from_the_first_unanswered_message_to_the_first_answer()
    {
        var start = Clock.Now.AddHours(-3);
        await AskedAndAnsweredAsync(start, 10);
        await AskedAndAnsweredAsync(start, 60);
        await AskedAndAnsweredAsync(start, 200);
        var unanswered = await Given(Some.Conversation());
        await Given(Some.Inbound(unanswered, at: start));

        var dashboard = await Send(new GetDashboard(Today, Today));

        Assert.Equal(60, dashboard.Totals.MedianFirstResponseSeconds);
    }

    [Fact]
    public async Task The_median_of_an_even_number_is_an_average_and_failed_answers_do_not_count()
    {
        var start = Clock.Now.AddHours(-3);
        await AskedAndAnsweredAsync(start, 10);
        await AskedAndAnsweredAsync(start, 30);
        var failed = await Given(Some.Conversation(start));
        await Given(Some.Inbound(failed, at: start));
        await Given(Some.Failed(failed));

        Assert.Equal(20, (await Send(new GetDashboard(Today, Today))).Totals.MedianFirstResponseSeconds);
    }

    [Fact]
    public async Task Another_organizations_messages_do_not_count()
    {
        await Given(Some.Inbound(Some.Conversation(organizationId: Some.OtherOrganizationId)));

        var dashboard = await Send(new GetDashboard(Today, Today));

        Assert.Equal((0, 0, 0), (dashboard.Totals.Inbound, dashboard.Totals.NewContacts, dashboard.Totals.OpenConversations));
    }

    [Fact]
    public async Task Invalid_time_spans_and_time_zones_are_malformed()
    {
        await Assert.ThrowsAsync<ValidationException>(() => Send(new GetDashboard(Today, Today.AddDays(-1))));
        await Assert.ThrowsAsync<ValidationException>(() => Send(new GetDashboard(Today.AddDays(-400), Today)));
        await Assert.ThrowsAsync<ValidationException>(() => Send(new GetDashboard(Today, Today, "Europe/Atlantis")));
    }

    [Fact]
    public async Task One_date_alone_is_enough()
    {
        Assert.Equal(Today, (await Send(new GetDashboard(From: Today.AddDays(-3)))).Series[^1].Date);
        Assert.Equal(Today.AddDays(-43), (await Send(new GetDashboard(To: Today.AddDays(-30)))).Series[0].Date);
        Assert.Equal(Today.AddDays(30), (await Send(new GetDashboard(From: Today.AddDays(30)))).Series[^1].Date);
        Assert.Equal(Today.AddDays(-4000 + 366), (await Send(new GetDashboard(From: Today.AddDays(-4000)))).Series[^1].Date);
        await Assert.ThrowsAsync<ValidationException>(() => Send(new GetDashboard(To: DateOnly.MaxValue)));
        await Assert.ThrowsAsync<ValidationException>(() => Send(new GetDashboard(To: DateOnly.MinValue)));
    }

    private async Task AskedAndAnsweredAsync(DateTimeOffset at, int seconds)
    {
        var conversation = await Given(Some.Conversation(at));
        await Given(Some.Inbound(conversation, "first", at));
        await Given(Some.Inbound(conversation, "still there?", at.AddSeconds(5)));
        await Given(Some.Sent(conversation, "yes", at.AddSeconds(seconds)));
        await Given(Some.Sent(conversation, "and more", at.AddSeconds(seconds + 100)));
    }
}
