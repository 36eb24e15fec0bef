using MetaMessaging.Infrastructure.Inbound;
using Microsoft.Extensions.Time.Testing;

namespace MetaMessaging.Infrastructure.Tests.Inbound;

public sealed class InboundSignalTests
{
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public void Nobody_gives_way_on_a_quiet_day()
    {
        using var signal = new InboundSignal(clock);
        signal.Stored(3);

        Assert.False(signal.IsBusy);
        Assert.True(signal.GiveWayAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_rush_is_given_way_to_until_it_is_over()
    {
        using var signal = new InboundSignal(clock);
        signal.Stored(100);
        var waiting = signal.GiveWayAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);

        await UntilOverAsync(waiting, () => { });

        Assert.False(signal.IsBusy);
    }

    [Fact]
    public async Task A_rush_that_lasts_does_not_stop_the_work()
    {
        using var signal = new InboundSignal(clock);
        signal.Stored(100);
        var waiting = signal.GiveWayAsync(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);

        await UntilOverAsync(waiting, () => signal.Stored(100));

        Assert.True(signal.IsBusy);
    }

    /// <summary>Time passes in small steps, each of which lets what waits look at the clock.</summary>
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
