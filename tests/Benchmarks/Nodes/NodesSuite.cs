using System.Diagnostics;
using System.Globalization;
using MetaMessaging.Benchmarks.Sending;

namespace MetaMessaging.Benchmarks.Nodes;

/// <summary>Several nodes on one database, of which one at a time is killed, stopped or paused at random: nothing is lost, nothing happens
/// twice, the order is kept, and others take over.</summary>
internal sealed class NodesSuite(NodesOptions options)
{
    private const int Conversations = 200;

    private static readonly TimeSpan MaxTakeover = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(10);

    private readonly long began = Stopwatch.GetTimestamp();
    private TimeSpan longestWait;
    private int faults;

    public async Task<int> RunAsync()
    {
        // On the disk of the repository: a temporary folder can be in memory, where a flush to disk takes no time.
        var folder = Directory.CreateDirectory(Path.Combine("artifacts", "benchmarks", Path.GetRandomFileName())).FullName;
        using var database = new NodesDatabase(folder);
        var nodes = new List<NodeUnderFaults>();
        try
        {
            var sends = new SendOptions(options.Pages, Conversations, options.Sends / Conversations, options.Latency);
            await SendDatabase.CreateAsync(database.Settings, sends);
            await using var meta = await SendStub.StartAsync(TimeSpan.FromMilliseconds(options.Latency));
            nodes.AddRange(Enumerable.Range(1, options.Nodes).Select(n => new NodeUnderFaults(n, folder, database, meta.Address)));
            foreach (var node in nodes) await node.StartAsync();

            using var result = new NodesResult(database);
            using var load = new NodesLoad(options, nodes);
            using var stop = new CancellationTokenSource();
            var causingFaults = options.Between == 0 ? Task.CompletedTask : CauseFaultsAsync(nodes, stop.Token);
            var delivering = load.RunAsync();
            await WatchAsync(result, () => result.Received() >= options.Events / 3);
            var (warm, started) = (result.Received(), Stopwatch.GetTimestamp());
            await WatchAsync(result, () => delivering.IsCompleted && result.Received() >= options.Events);
            var perSecond = (options.Events - warm) / Stopwatch.GetElapsedTime(started).TotalSeconds;
            await delivering;
            await stop.CancelAsync();
            await causingFaults;
            await WatchAsync(result, () => result.Unsettled() == 0);

            Print(database, load, perSecond);
            var isRight = result.IsReceivedOnceAndInOrder(load) & result.IsSentOnceAndInOrder(meta, Conversations, sends.Messages);
            return isRight && (longestWait < MaxTakeover || options.Rate == 0) ? 0 : 1;
        }
        finally
        {
            nodes.ForEach(node => node.Dispose());
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task WatchAsync(NodesResult result, Func<bool> isDone)
    {
        for (var last = (Count: -1, At: Stopwatch.GetTimestamp()); !isDone(); await Task.Delay(PollInterval))
        {
            var count = result.Received() - result.Unsettled();
            if (count != last.Count) last = (count, Stopwatch.GetTimestamp());
            if (Stopwatch.GetElapsedTime(last.At) > MaxWait) throw new TimeoutException($"For {MaxWait} nothing has changed.");
            if (result.LongestWait() is var wait && wait > longestWait) longestWait = wait;
        }
    }

    /// <summary>One at a time, so that at least one node serves.</summary>
    private async Task CauseFaultsAsync(List<NodeUnderFaults> nodes, CancellationToken cancellationToken)
    {
        var random = new Random(options.Seed);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(TimeSpan.FromSeconds(options.Between), cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            var node = nodes[random.Next(nodes.Count)];
            var (name, cause) = random.Next(3) switch
            {
                0 => ("killed", node.KillAsync()),
                1 => ("stopped", node.StopAsync()),
                _ => ("paused", node.PauseAsync(TimeSpan.FromSeconds(options.Pause))),
            };
            faults++;
            Log($"node {node.Number} {name}");
            await cause;
            Log($"it serves again; the longest wait so far {longestWait.TotalSeconds:0.0} s");
        }
    }

    private void Log(string what) => Console.WriteLine($"{Stopwatch.GetElapsedTime(began).TotalSeconds,6:0} s: {what}");

    /// <param name="perSecond">After the first third, in which each node compiles its code.</param>
    private void Print(NodesDatabase database, NodesLoad load, double perSecond)
    {
        Console.WriteLine();
        Console.WriteLine("| goal | | measured |");
        Console.WriteLine("|---|--:|--:|");
        Goal("database", "", database.Provider);
        Goal("nodes", "", options.Nodes.ToString(CultureInfo.InvariantCulture));
        Goal("events/s", "", perSecond.ToString("0", CultureInfo.InvariantCulture));
        Goal("kills, stops and pauses", "", faults.ToString(CultureInfo.InvariantCulture));
        Goal("deliveries that were repeated", "", load.Repeated.ToString(CultureInfo.InvariantCulture));
        Goal("longest wait of a delivery", "< 15 s", longestWait.TotalSeconds.ToString("0.0 s", CultureInfo.InvariantCulture));
        Console.WriteLine();

        static void Goal(string what, string goal, string value) => Console.WriteLine($"| {what} | {goal} | {value} |");
    }
}
