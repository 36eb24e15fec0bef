using MetaMessaging.Infrastructure.Inbound;
using Microsoft.Extensions.Time.Testing;

namespace MetaMessaging.Infrastructure.Tests.Inbound;

public sealed class WebhookTrafficTests
{
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public void A_few_deliveries_at_a_time_hold_nothing_up()
    {
        var traffic = new WebhookTraffic(clock);
        traffic.RecordCommit(3);

        Assert.False(traffic.IsBusy);
        var waiting = traffic.WaitForPeakToPassAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.True(waiting.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task The_inbound_worker_waits_until_a_peak_has_passed()
    {
        var traffic = new WebhookTraffic(clock);
        traffic.RecordCommit(100);
        var waiting = traffic.WaitForPeakToPassAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);

        await UntilOverAsync(waiting, () => { });

        Assert.False(traffic.IsBusy);
    }

    [Fact]
    public async Task A_peak_that_lasts_holds_the_inbound_worker_up_no_longer_than_allowed()
    {
        var traffic = new WebhookTraffic(clock);
        traffic.RecordCommit(100);
        var waiting = traffic.WaitForPeakToPassAsync(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);

        await UntilOverAsync(waiting, () => traffic.RecordCommit(100));

        Assert.True(traffic.IsBusy);
    }

    /// <summary>Advances the clock in small steps, after each of which the waiting task checks the time.</summary>
    private async Task UntilOverAsync(Task waiting, Action meanwhile)
    {
        while (!waiting.IsCompleted)
        {
            meanwhile();
            clock.Advance(TimeSpan.FromMilliseconds(5));
            await Task.Yield();
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }

        await waiting;
    }
}
