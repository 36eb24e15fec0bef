using System.Diagnostics;
using System.Globalization;
using MetaMessaging.Benchmarks.Processing;
using MetaMessaging.Benchmarks.Running;

namespace MetaMessaging.Benchmarks.Sending;

/// <summary>Measures sending from the queued row to Meta: the rate, the time not spent waiting for Meta, and exactly-once.</summary>
internal sealed class SendSuite(SendOptions options)
{
    private const int GoalPerSecond = 1200;
    private const int PageBudgetPerSecond = 100;

    private const int GoalMicroseconds = 1000;

    /// <summary>For how many conversations the dispatcher sends in parallel.</summary>
    private const int MaxCalls = 256;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(10);

    public async Task<int> RunAsync()
    {
        // On the disk of the repository: a temporary folder can be in memory, where a flush to disk takes no time.
        var folder = Directory.CreateDirectory(Path.Combine("artifacts", "benchmarks", Path.GetRandomFileName())).FullName;
        try
        {
            Console.WriteLine(
                $"{Environment.ProcessorCount} processors, {options.Conversations} conversations of {options.Pages} Pages, "
                    + $"{options.Messages} messages each, Meta answers after {options.Latency} ms");
            await SendDatabase.CreateAsync(ProcessDatabase.Settings(folder), options);
            await using var meta = await SendStub.StartAsync(TimeSpan.FromMilliseconds(options.Latency));
            using var app = await ServerProcess.StartAsync(ServerProcess.App, folder,
            [
                .. ProcessDatabase.Settings(folder).Select(s => $"--{s.Name}={s.Value}"),
                $"--contentRoot={Path.GetDirectoryName(ServerProcess.App)}", $"--Meta:GraphBaseUrl={meta.Address}",
            ]);
            await MeasureAsync(app, meta, folder);
            app.Kill();
            return IsEverySentOnceAndInOrder(meta, folder) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Leaves out the first fifth, which warms up, and the last tenth, when conversations run out of messages.</summary>
    private async Task MeasureAsync(ServerProcess app, SendStub meta, string folder)
    {
        await WaitForAsync(meta, options.Total / 5);
        var (began, from, processor) = (Stopwatch.GetTimestamp(), meta.Count, app.ProcessorTime);
        await WaitForAsync(meta, options.Total * 9 / 10);
        var sent = meta.Count - from;
        var measured = new Measured(sent, 0, Stopwatch.GetElapsedTime(began), app.ProcessorTime - processor, []);
        await WaitForAsync(meta, options.Total);
        var waitStarted = Stopwatch.GetTimestamp();
        while (SendDatabase.Read(folder).ByStatus.GetValueOrDefault("Sent") < options.Total
            && Stopwatch.GetElapsedTime(waitStarted) < TimeSpan.FromSeconds(30))
        {
            await Task.Delay(PollInterval);
        }

        var calls = Math.Min(MaxCalls, options.Conversations);
        Console.WriteLine();
        Console.WriteLine("| goal | | measured |");
        Console.WriteLine("|---|--:|--:|");
        Goal("messages/s", $"≥ {GoalPerSecond}", measured.PerSecond, "0");
        Goal("what the Pages' budgets allow", "", (double)options.Pages * PageBudgetPerSecond, "0");
        Goal("what Meta's latency allows", "", calls * 1000.0 / Math.Max(1, options.Latency), "0");
        Goal("app CPU a message", $"< {GoalMicroseconds} µs", measured.ProcessorMicroseconds, "0 µs");
        Goal("resident at most", "", app.PeakMemory / 1024.0 / 1024.0, "0 MB");
        Console.WriteLine();

        static void Goal(string what, string goal, double value, string format) =>
            Console.WriteLine($"| {what} | {goal} | {value.ToString(format, CultureInfo.InvariantCulture)} |");
    }

    private static async Task WaitForAsync(SendStub meta, int count)
    {
        for (var began = Stopwatch.GetTimestamp(); meta.Count < count; await Task.Delay(PollInterval))
        {
            if (Stopwatch.GetElapsedTime(began) > MaxWait) throw new TimeoutException($"{meta.Count} messages were sent, and no more.");
        }
    }

    private bool IsEverySentOnceAndInOrder(SendStub meta, string folder)
    {
        var ofCustomers = meta.Arrived.GroupBy(a => a.RecipientId).ToDictionary(g => g.Key, g => g.Select(a => a.Number).ToList());
        var wrong = Enumerable.Range(0, options.Conversations).Select(SendDatabase.CustomerId)
            .Count(id => !ofCustomers.TryGetValue(id, out var numbers) || !numbers.SequenceEqual(Enumerable.Range(0, options.Messages)));
        var (byStatus, mids) = SendDatabase.Read(folder);
        var isFinal = byStatus.Count == 1 && byStatus.GetValueOrDefault("Sent") == options.Total && mids == options.Total;
        Console.WriteLine(wrong == 0 && isFinal
            ? $"Verified: {options.Total} messages, each once and in its conversation's order at Meta, and every row sent with an id "
                + "of its own."
            : $"WRONG: {wrong} conversations have messages missing, twice or out of order; rows: "
                + $"{string.Join(", ", byStatus.Select(s => $"{s.Value} {s.Key}"))}, {mids} ids.");
        return wrong == 0 && isFinal;
    }
}
