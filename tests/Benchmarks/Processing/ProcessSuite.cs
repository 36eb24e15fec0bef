using System.Globalization;
using MetaMessaging.Benchmarks.Running;

namespace MetaMessaging.Benchmarks.Processing;

/// <summary>Measures from the webhook to the stored message: rate, latency, and that each event took effect exactly once.</summary>
internal sealed class ProcessSuite(ProcessOptions options)
{
    private const int GoalOfSingle = 7_000;
    private const int GoalOfSeveral = 10_000;
    private const int SteadyPerSecond = 1_000;
    private const int ManyMessages = 100_000;
    private const int FewMessages = 10;
    private const int Receipts = 60;

    /// <summary>Enough for the JIT to recompile the hot methods.</summary>
    private const int WarmUpEvents = 30_000;

    private static readonly TimeSpan SteadyTime = TimeSpan.FromSeconds(20);

    private readonly List<Row> rows = [];

    private TimeSpan Time => TimeSpan.FromSeconds(options.Seconds);

    public async Task<int> RunAsync()
    {
        // On the disk of the repository: a temporary folder can be in memory, where a flush to disk takes no time.
        var folder = Directory.CreateDirectory(Path.Combine("artifacts", "benchmarks", Path.GetRandomFileName())).FullName;
        try
        {
            await using var graph = await GraphStub.StartAsync();
            using var database = await ProcessDatabase.CreateAsync(folder);
            using var app = await ServerProcess.StartAsync(ServerProcess.App, folder,
            [
                .. ProcessDatabase.Settings(folder).Select(s => $"--{s.Name}={s.Value}"),
                $"--contentRoot={Path.GetDirectoryName(ServerProcess.App)}", $"--Meta:GraphBaseUrl={graph.Urls.First()}",
            ]);
            return await MeasureAsync(app, database);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<int> MeasureAsync(ServerProcess app, ProcessDatabase database)
    {
        using var load = new ProcessLoad(app, database, options);
        Console.WriteLine($"{Environment.ProcessorCount} processors, {options.Customers} customers, {options.Connections} connections");
        foreach (var each in options.Events)
        {
            for (var until = load.Posted + WarmUpEvents; load.Posted < until;)
                await SustainAsync("warming up", load, each, TimeSpan.FromSeconds(3), keep: false);
        }

        foreach (var each in options.Events) await SustainAsync("few messages stored", load, each, Time);
        foreach (var each in options.Events) await SteadyAsync(load, each);
        if (options.Preload > 0)
        {
            database.Preload(options.Preload);
            Console.WriteLine($"  {options.Preload} more messages stored");
            foreach (var each in options.Events) await SustainAsync("beside the indexing of many messages", load, each, Time);
            await database.WaitForSearchIndexAsync();
            foreach (var each in options.Events) await SustainAsync("many messages stored", load, each, Time);
        }

        var receipts = await ReceiptsAsync(load, database);
        var peak = app.PeakMemory;
        app.Kill();
        Report(peak, receipts);
        if (load.Refused > 0) Console.WriteLine($"{load.Refused} deliveries were refused and posted again.");
        return database.IsEveryEventStoredOnce(load.Posted) ? 0 : 1;
    }

    private async Task SustainAsync(string name, ProcessLoad load, int each, TimeSpan time, bool keep = true)
    {
        var measured = await load.SustainAsync(each, time);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  {name}, {each} a delivery: {measured.PerSecond:N0} events/s, {measured.ProcessorMicroseconds:N0} µs each"));
        if (keep) rows.Add(new Row(name, each, measured));
    }

    private async Task SteadyAsync(ProcessLoad load, int each)
    {
        var measured = await load.SteadyAsync(each, SteadyPerSecond, SteadyTime);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  steady, {each} a delivery: {measured.PerSecond:N0} events/s, {measured.ProcessorMicroseconds:N0} µs each, visible "
                + $"after p50 {measured.Percentile(0.5):N0} ms, p99 {measured.Percentile(0.99):N0} ms"));
        rows.Add(new Row($"{SteadyPerSecond}/s", each, measured));
    }

    /// <summary>Alternates between both conversations, so that other load on the machine affects them alike.</summary>
    private static async Task<(TimeSpan Few, TimeSpan Many)> ReceiptsAsync(ProcessLoad load, ProcessDatabase database)
    {
        var few = database.AddSentMessages(0, FewMessages);
        var many = database.AddSentMessages(1, ManyMessages);
        var (onFew, onMany) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var n = 0; n < Receipts; n++)
        {
            database.ResetToDelivered(few, 5);
            onFew.Add(await load.ReadReceiptAsync(few, ProcessWebhook.CustomerId(0), ProcessWebhook.TimeOf(n)));
            database.ResetToDelivered(many, 5);
            onMany.Add(await load.ReadReceiptAsync(many, ProcessWebhook.CustomerId(1), ProcessWebhook.TimeOf(n)));
        }

        return (Median(onFew), Median(onMany));

        static TimeSpan Median(List<TimeSpan> times) => times.Order().ElementAt(times.Count / 2);
    }

    private void Report(long peak, (TimeSpan Few, TimeSpan Many) receipts)
    {
        Console.WriteLine();
        Console.WriteLine("| | events a delivery | events/s | app CPU an event | visible p50 | visible p99 |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|");
        foreach (var (name, each, measured) in rows)
        {
            var visible = measured.Latencies is []
                ? "|"
                : string.Create(CultureInfo.InvariantCulture, $"{measured.Percentile(0.5):N0} ms | {measured.Percentile(0.99):N0} ms");
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {name} | {each} | {measured.PerSecond:N0} | {measured.ProcessorMicroseconds:N0} µs | {visible} |"));
        }

        Console.WriteLine();
        Console.WriteLine("| goal | | measured |");
        Console.WriteLine("|---|--:|--:|");
        foreach (var (_, each, measured) in rows.Where(r => r.Name == rows[0].Name))
            Goal($"events/s, {each} a delivery", $"≥ {(each == 1 ? GoalOfSingle : GoalOfSeveral)}", measured.PerSecond, "0");
        foreach (var each in options.Events)
        {
            if (rows.Find(r => r.Events == each && r.Name.StartsWith("many", StringComparison.Ordinal)) is not { } many) continue;
            var few = rows.First(r => r.Events == each);
            Goal($"rate with many ÷ with few, {each} a delivery", "≥ 0.95", many.Measured.PerSecond / few.Measured.PerSecond, "0.00");
            Goal(
                $"CPU with many ÷ with few, {each} a delivery",
                "about 1",
                many.Measured.ProcessorMicroseconds / few.Measured.ProcessorMicroseconds,
                "0.00");
        }

        foreach (var (_, each, measured) in rows.Where(r => r.Measured.Latencies is not []))
        {
            Goal($"visible p50 at {SteadyPerSecond}/s, {each} a delivery", "< 250 ms", measured.Percentile(0.5), "0 ms");
            Goal($"visible p99 at {SteadyPerSecond}/s, {each} a delivery", "< 1000 ms", measured.Percentile(0.99), "0 ms");
        }

        Goal($"a read receipt with {ManyMessages} messages ÷ with {FewMessages}", "about 1", receipts.Many / receipts.Few, "0.00");
        Goal("resident at most", "< 450 MB", peak / 1024.0 / 1024.0, "0 MB");
        Console.WriteLine();

        static void Goal(string what, string goal, double measured, string format) =>
            Console.WriteLine($"| {what} | {goal} | {measured.ToString(format, CultureInfo.InvariantCulture)} |");
    }

    private sealed record Row(string Name, int Events, Measured Measured);
}
