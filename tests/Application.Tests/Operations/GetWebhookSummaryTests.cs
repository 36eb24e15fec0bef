using MetaMessaging.Application.Operations;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Operations;

public class GetWebhookSummaryTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Without_deliveries_all_figures_are_zero_or_null()
    {
        var summary = await Send(new GetWebhookSummary());

        Assert.Equal((0, 0, 0.0, 0), (summary.Backlog, summary.Replays, summary.LagSeconds, summary.Failed));
        Assert.Equal(new WebhookLatency(null, null), summary.Latency);
        Assert.Equal(new RefusedSignaturesModel(0, null), summary.RefusedSignatures);
    }

    [Fact]
    public async Task The_lag_is_the_age_of_the_oldest_delivery_that_was_never_processed()
    {
        var replayed = Done(TimeSpan.FromDays(-3), TimeSpan.Zero);
        replayed.Replay();
        await Given(replayed);
        await Given(new WebhookDelivery("{}"u8.ToArray(), Clock.Now.AddSeconds(-90)));
        await Given(new WebhookDelivery("{}"u8.ToArray(), Clock.Now.AddSeconds(-5)));

        var summary = await Send(new GetWebhookSummary());

        Assert.Equal((3, 1, 90.0), (summary.Backlog, summary.Replays, summary.LagSeconds));
        Assert.Equal(Clock.Now.AddSeconds(-90), summary.OldestPendingAt);
    }

    [Fact]
    public async Task The_percentiles_are_of_the_first_processing_within_the_last_hour()
    {
        await Given(Done(TimeSpan.FromHours(-2), TimeSpan.FromMinutes(9)));
        var replayed = Done(TimeSpan.FromMinutes(-30), TimeSpan.Zero);
        replayed.Replay();
        replayed.Finish("page", [EventOutcome.Processed], Clock.Now);
        await Given(replayed);
        for (var i = 1; i <= 200; i++) await Given(Done(TimeSpan.FromMinutes(-10), TimeSpan.FromMilliseconds(i)));

        var latency = (await Send(new GetWebhookSummary())).Latency;

        Assert.Equal((100, 198), (latency.P50Milliseconds, latency.P99Milliseconds));
    }

    [Fact]
    public async Task Refused_signatures_of_a_day_are_added_up()
    {
        await RefusedAsync(new RefusedSignatures(Clock.Now.AddDays(-2), 1000, Clock.Now.AddDays(-2)));
        await RefusedAsync(new RefusedSignatures(Clock.Now.AddHours(-5), 7, Clock.Now.AddHours(-5)));
        await RefusedAsync(new RefusedSignatures(Clock.Now, 3, Clock.Now));

        Assert.Equal(new RefusedSignaturesModel(10, Clock.Now), (await Send(new GetWebhookSummary())).RefusedSignatures);
    }

    [Fact]
    public async Task Failed_deliveries_are_counted_if_the_caller_may_see_them()
    {
        foreach (var organizationId in new long?[] { Some.OrganizationId, Some.OtherOrganizationId, null })
        {
            var failed = new WebhookDelivery("{}"u8.ToArray(), Clock.Now);
            failed.Finish("page", [new EventOutcome(EventOutcomeKind.Failed, "x", organizationId)], Clock.Now);
            await Given(failed);
        }

        Assert.Equal(1, (await Send(new GetWebhookSummary())).Failed);
        Caller.IsSystemAdmin = true;
        Assert.Equal(3, (await Send(new GetWebhookSummary())).Failed);
        Assert.Equal(3, (await Send(new CountDeliveries()))[WebhookDeliveryState.Failed]);
        Assert.Equal(0, (await Send(new CountDeliveries()))[WebhookDeliveryState.Ignored]);
    }

    private WebhookDelivery Done(TimeSpan at, TimeSpan took)
    {
        var delivery = new WebhookDelivery("{}"u8.ToArray(), Clock.Now + at);
        delivery.Finish("page", [EventOutcome.Processed with { OrganizationId = Some.OrganizationId }], Clock.Now + at + took);
        return delivery;
    }

    private Task RefusedAsync(RefusedSignatures hour) => Change(db =>
    {
        db.RefusedSignatures.Add(hour);
        return Task.CompletedTask;
    });
}
