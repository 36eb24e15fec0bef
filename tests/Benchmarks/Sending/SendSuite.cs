using System.Diagnostics;
using System.Globalization;
using MetaMessaging.Benchmarks.Processing;
using MetaMessaging.Benchmarks.Running;

namespace MetaMessaging.Benchmarks.Sending;

/// <summary>From the queued row to Meta: how many messages a second, what of the time is not waiting for Meta, and whether each was sent once.</summary>
internal sealed class SendSuite(SendOptions options)
{
    private const int GoalPerSecond = 500;
    private const int PageBudgetPerSecond = 100;

    /// <summary>The dispatcher sends for so many conversations side by side.</summary>
    private const int Workers = 64;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public async Task<int> RunAsync()
    {
        // On the disk of the repository: a temporary folder may be in memory, where durability costs nothing.
        var folder = Directory.CreateDirectory(Path.Combine("artifacts", "benchmarks", Path.GetRandomFileName())).FullName;
        try
        {
            Console.WriteLine($"{Environment.ProcessorCount} processors, {options.Conversations} conversations of {options.Pages} Pages, {options.Messages} messages each, Meta answers after {options.Latency} ms");
            await SendDatabase.CreateAsync(folder, options);
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

    /// <summary>The first fifth warms up, and at the end conversations run dry; what lies between is measured.</summary>
    private async Task MeasureAsync(ServerProcess app, SendStub meta, string folder)
    {
        await UntilAsync(meta, options.Total / 5);
        var (began, from, processor) = (Stopwatch.GetTimestamp(), meta.Count, app.ProcessorTime);
        await UntilAsync(meta, options.Total * 9 / 10);
        var sent = meta.Count - from;
        var measured = new Measured(sent, 0, Stopwatch.GetElapsedTime(began), app.ProcessorTime - processor, []);
        await UntilAsync(meta, options.Total);
        for (var waited = Stopwatch.GetTimestamp(); SendDatabase.Read(folder).ByStatus.GetValueOrDefault("Sent") < options.Total && Stopwatch.GetElapsedTime(waited) < TimeSpan.FromSeconds(30);) await Task.Delay(Look);

        var lanes = Math.Min(Workers, options.Conversations);
        Console.WriteLine();
        Console.WriteLine("| goal | | measured |");
        Console.WriteLine("|---|--:|--:|");
        Goal("messages/s", $"≥ {GoalPerSecond}", measured.PerSecond, "0");
        Goal("what the Pages' budgets allow", "", (double)options.Pages * PageBudgetPerSecond, "0");
        Goal("share of a worker's time that is not waiting for Meta", "", 1 - (measured.PerSecond * options.Latency / 1000 / lanes), "0 %");
        Goal("app CPU a message", "", measured.ProcessorMicroseconds, "0 µs");
        Goal("resident at most", "", app.PeakMemory / 1024.0 / 1024.0, "0 MB");
        Console.WriteLine();

        static void Goal(string what, string goal, double value, string format) =>
            Console.WriteLine($"| {what} | {goal} | {value.ToString(format, CultureInfo.InvariantCulture)} |");
    }

    private static async Task UntilAsync(SendStub meta, int count)
    {
        for (var began = Stopwatch.GetTimestamp(); meta.Count < count; await Task.Delay(Look))
        {
            if (Stopwatch.GetElapsedTime(began) > Patience) throw new TimeoutException($"{meta.Count} messages were sent, and no more.");
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
            ? $"Verified: {options.Total} messages, each once and in its conversation's order at Meta, and every row sent with an id of its own."
            : $"WRONG: {wrong} conversations have messages missing, twice or out of order; rows: {string.Join(", ", byStatus.Select(s => $"{s.Value} {s.Key}"))}, {mids} ids.");
        return wrong == 0 && isFinal;
    }
}
