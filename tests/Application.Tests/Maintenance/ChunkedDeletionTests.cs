using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.Application.Tests.Maintenance;

public class ChunkedDeletionTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Chunks_shrink_until_their_transactions_are_short_and_grow_while_they_are()
    {
        await GivenDeliveriesAsync(2950);

        Assert.Equal([100, 100, 100, 100], (await DeleteAsync(durationOfRow: TimeSpan.FromMilliseconds(0.2))).Take(4));
        Assert.Equal(0, await Count(db => db.WebhookDeliveries));

        await GivenDeliveriesAsync(690);
        Assert.Equal([100, 50, 50, 50], (await DeleteAsync(durationOfRow: TimeSpan.FromMilliseconds(0.4))).Take(4));

        await GivenDeliveriesAsync(3000);
        Assert.Equal([100, 200, 400, 800, 1000, 500], await DeleteAsync(durationOfRow: TimeSpan.FromMilliseconds(0.02)));
    }

    [Fact]
    public void A_chunk_has_a_minimum_and_a_maximum()
    {
        Assert.Equal(ChunkedDeletion.MinChunkSize, ChunkedDeletion.NextChunkSize(100, TimeSpan.FromSeconds(10)));
        Assert.Equal(ChunkedDeletion.MaxChunkSize, ChunkedDeletion.NextChunkSize(ChunkedDeletion.MaxChunkSize, TimeSpan.Zero));
    }

    /// <returns>How many rows each transaction has deleted. The clock goes on by a fixed time for each row.</returns>
    private Task<List<int>> DeleteAsync(TimeSpan durationOfRow) => InSystem(async scope =>
    {
        var (chunks, clock) = (new List<int>(), new ScriptedClock());
        var db = scope.GetRequiredService<IAppDbContext>();
        await new ChunkedDeletion(db, clock).DeleteAsync(
            db.WebhookDeliveries.OrderBy(d => d.Id),
            async (ids, token) =>
            {
                await db.WebhookDeliveries.Where(d => ids.Contains(d.Id)).ExecuteDeleteAsync(token);
                chunks.Add(ids.Count);
                clock.Advance(durationOfRow * ids.Count);
            },
            TestContext.Current.CancellationToken);
        Assert.Equal(chunks.SkipLast(1).Select(rows => durationOfRow * rows / 2), clock.Delays);
        return chunks;
    });

    private Task GivenDeliveriesAsync(int count) => Change(db =>
    {
        for (var i = 0; i < count; i++)
        {
            var delivery = new WebhookDelivery("{}"u8.ToArray(), Clock.Now);
            delivery.Finish("page", [new EventOutcome(EventOutcomeKind.Processed, "x")], Clock.Now);
            db.WebhookDeliveries.Add(delivery);
        }

        return Task.CompletedTask;
    });

    /// <summary>Delays end at once.</summary>
    private sealed class ScriptedClock : TimeProvider
    {
        private long ticks;

        public List<TimeSpan> Delays { get; } = [];

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan by) => ticks += by.Ticks;

        public override long GetTimestamp() => ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Delays.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
