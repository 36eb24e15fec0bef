using System.Diagnostics;
using MetaMessaging.Infrastructure.Graph;
using MetaMessaging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace MetaMessaging.Infrastructure.Tests.Graph;

public sealed class GraphBudgetTests : IDisposable
{
    private readonly FakeDispatcher dispatcher = new();
    private readonly GraphUsage usage = new(TimeProvider.System);
    private readonly FakeNodes nodes = new();
    private readonly GraphBudget budget;

    public GraphBudgetTests() => budget = new GraphBudget(usage, dispatcher, nodes, TimeProvider.System);

    public void Dispose() => budget.Dispose();

    [Theory]
    [InlineData(false, 100)]
    [InlineData(true, 10)]
    public async Task No_more_calls_pass_in_a_second_than_Meta_allows(bool isAudioOrVideo, int perSecond)
    {
        var count = perSecond * 2;
        var started = Stopwatch.GetTimestamp();

        var passed = await TakeAllAsync("page", isAudioOrVideo, Enumerable.Range(1, count));

        Assert.Equal(count, passed.Count);
        // A tenth of a second's permits are free at the start.
        var fastest = TimeSpan.FromSeconds((count - (perSecond / 10.0) - 1) / perSecond) * 0.9;
        Assert.True(Stopwatch.GetElapsedTime(started) >= fastest, $"{count} took {Stopwatch.GetElapsedTime(started)}");
    }

    [Theory]
    [InlineData(1, 100)]
    [InlineData(2, 50)]
    [InlineData(3, 33)]
    [InlineData(40, 2)]
    public void Each_of_several_nodes_allows_its_share(int count, int perSecond)
    {
        var clock = new FakeTimeProvider();
        using var shared = new GraphBudget(usage, dispatcher, nodes, clock);
        nodes.LiveCount = count;

        CountInASecond();   // what a pause allows at once

        Assert.InRange(CountInASecond(), perSecond - 1, perSecond + 1);

        int CountInASecond() => Enumerable.Range(0, 1000).Count(_ =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(1));
            return shared.TryTake(new GraphBudget.RateLimit("page", CallKind.Message));
        });
    }

    [Fact]
    public async Task A_clock_that_is_set_back_stops_no_calls()
    {
        var clock = new ClockSetBack();
        using var shared = new GraphBudget(usage, dispatcher, nodes, clock);
        while (shared.TryTake(new GraphBudget.RateLimit("page", CallKind.Message))) { }

        clock.By = TimeSpan.FromHours(1);

        await Until.True(() => shared.TryTake(new GraphBudget.RateLimit("page", CallKind.Message)), "a call may begin");
    }

    [Fact]
    public void The_share_follows_when_a_node_comes_or_goes_and_what_was_used_stays_used()
    {
        var clock = new FakeTimeProvider();
        using var shared = new GraphBudget(usage, dispatcher, nodes, clock);
        CountInASecond();

        nodes.LiveCount = 4;
        Assert.InRange(CountInASecond(), 24, 26);
        nodes.LiveCount = 1;
        Assert.InRange(CountInASecond(), 98, 102);

        int CountInASecond() => Enumerable.Range(0, 1000).Count(_ =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(1));
            return shared.TryTake(new GraphBudget.RateLimit("page", CallKind.Message));
        });
    }

    [Fact]
    public async Task Waiting_conversations_are_served_in_order()
    {
        var passed = await TakeAllAsync("page", false, Enumerable.Range(1, 60));

        // Those that pass at about the same time wake the dispatcher in any order.
        Assert.All(passed.Select((id, place) => (id, place)), p => Assert.InRange(p.id - p.place, -20, 20));
    }

    [Fact]
    public void A_page_that_waits_does_not_delay_another()
    {
        for (var i = 1; i <= 500; i++) budget.TryTake("busy", false, i);

        Assert.True(budget.TryTake("other", false, 1000));
        Assert.True(budget.TryTake("busy", true, 1001));
        Assert.InRange(budget.Read("busy").Calls.Single(c => c.Kind == "messages").Waiting, 400, 500);
        Assert.Equal(0, budget.Read("other").Calls.Sum(c => c.Waiting));
    }

    [Fact]
    public void A_call_that_does_not_wait_does_not_overtake_waiting_ones()
    {
        for (var i = 1; i <= 50; i++) budget.TryTake("page", false, i);

        Assert.False(budget.TryTake(new GraphBudget.RateLimit("page", CallKind.Message)));
    }

    [Fact]
    public async Task Reads_wait_in_a_queue_of_eight()
    {
        var reads = Enumerable.Range(0, 12)
            .Select(_ => budget.WaitAsync(new GraphBudget.RateLimit("page", CallKind.Conversations), TestContext.Current.CancellationToken))
            .ToList();

        Assert.Equal(3, reads.Count(r => r is { IsCompleted: true, Result: false }));   // one passes, eight wait
        Assert.True(await await Task.WhenAny(reads.Where(r => !r.IsCompleted)));
    }

    [Fact]
    public void The_hourly_usage_Meta_reports_is_kept()
    {
        using var answer = new HttpResponseMessage();
        answer.Headers.TryAddWithoutValidation("X-App-Usage", """{"call_count":28,"total_cputime":25,"total_time":26}""");
        answer.Headers.TryAddWithoutValidation(
            "X-Business-Use-Case-Usage",
            """
            {"page":[{"type":"messenger","call_count":95,"total_cputime":20,"total_time":21,"estimated_time_to_regain_access":0}]}
            """);

        usage.Record(answer);

        var allowance = budget.Read("page");
        Assert.Equal(
            ("messenger", 95.0, 20.0, 21.0),
            (allowance.Usage[0].Type, allowance.Usage[0].CallCount, allowance.Usage[0].TotalCpuTime, allowance.Usage[0].TotalTime));
        Assert.NotNull(allowance.ReservedForMessagesUntil);
        Assert.Equal(28.0, budget.ReadApp()!.Highest);
        Assert.Null(budget.Read("other").ReservedForMessagesUntil);
    }

    /// <summary>Takes a permit for each conversation as the dispatcher does: again when it is woken, if none was free.</summary>
    private async Task<List<long>> TakeAllAsync(string accountId, bool isAudioOrVideo, IEnumerable<int> conversationIds)
    {
        var passed = new List<long>();
        var waiting = 0;
        foreach (var id in conversationIds)
        {
            if (budget.TryTake(accountId, isAudioOrVideo, id)) passed.Add(id);
            else waiting++;
        }

        while (waiting > 0)
        {
            await Until.True(() => !dispatcher.Woken.IsEmpty, "a conversation is woken");
            while (dispatcher.Woken.TryDequeue(out var id))
            {
                Assert.True(budget.TryTake(accountId, isAudioOrVideo, id));
                passed.Add(id);
                waiting--;
            }
        }

        return passed;
    }

    /// <summary>As when somebody corrects the time; what has elapsed is measured by another clock.</summary>
    private sealed class ClockSetBack : TimeProvider
    {
        public TimeSpan By { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() - By;
    }
}
