using System.Diagnostics;
using System.Globalization;
using MetaMessaging.Benchmarks.Ingest;
using MetaMessaging.Benchmarks.Processing;
using MetaMessaging.Benchmarks.Running;
using Microsoft.AspNetCore.Builder;

namespace MetaMessaging.Benchmarks.Starting;

/// <summary>How long a start with an existing database takes, what is resident then, and how fast the first second after it is.</summary>
internal sealed class StartSuite(StartOptions options)
{
    private const double GoalSeconds = 1.5;
    private const double GoalMegabytes = 170;
    private const double GoalOfWarm = 0.5;
    private const int EventsEach = 10;

    private static readonly TimeSpan FirstSecond = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WarmTime = TimeSpan.FromSeconds(5);

    private readonly List<Start> starts = [];
    private readonly List<Rate> rates = [];

    public async Task<int> RunAsync()
    {
        await using var graph = await GraphStub.StartAsync();
        await MeasureStartsAsync(graph);
        int[] connections = options.Connections == 0 ? [64, 256] : [options.Connections];
        foreach (var count in connections)
        {
            await CompareAsync(graph, $"ingest, {count} connections", (app, _, warmUp, time) => IngestAsync(app, count, warmUp, time));
            var posted = 0L;
            await CompareAsync(graph, $"process, {count} connections", async (app, database, warmUp, time) =>
            {
                using var load = new ProcessLoad(app, database, new ProcessOptions(Connections: count), posted);
                if (warmUp > TimeSpan.Zero) await load.SustainAsync(EventsEach, warmUp);
                var measured = await load.SustainAsync(EventsEach, time);
                posted = load.Posted;
                return measured;
            });
        }

        Report();
        return 0;
    }

    private async Task MeasureStartsAsync(WebApplication graph)
    {
        var folder = NewFolder();
        try
        {
            (await ProcessDatabase.CreateAsync(folder)).Dispose();
            for (var n = 0; n < options.Starts; n++)
            {
                var began = Stopwatch.GetTimestamp();
                using var app = await StartAppAsync(folder, graph);
                var (ready, processor) = (Stopwatch.GetElapsedTime(began), app.ProcessorTime);
                await Task.Delay(TimeSpan.FromSeconds(options.Idle));
                starts.Add(new Start(ready.TotalSeconds, processor.TotalSeconds, app.Memory / 1024.0 / 1024.0));
                Console.WriteLine($"  {starts[^1]}");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The warm rate comes first. Then the app is stopped and started again, with the same customers.</summary>
    private async Task CompareAsync(WebApplication graph, string name, Measurement measure)
    {
        var folder = NewFolder();
        try
        {
            using var database = await ProcessDatabase.CreateAsync(folder);
            var warm = await MeasureAsync(database, TimeSpan.FromSeconds(options.WarmUp), WarmTime);
            var first = await MeasureAsync(database, TimeSpan.Zero, FirstSecond);
            rates.Add(new Rate(name, first.PerSecond, warm.PerSecond));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"  {name}: first second {first.PerSecond:N0}/s, warm {warm.PerSecond:N0}/s"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        async Task<Measured> MeasureAsync(ProcessDatabase database, TimeSpan warmUp, TimeSpan time)
        {
            using var app = await StartAppAsync(folder, graph);
            var measured = await measure(app, database, warmUp, time);
            await app.StopAsync();
            return measured;
        }
    }

    private static async Task<Measured> IngestAsync(ServerProcess app, int connections, TimeSpan warmUp, TimeSpan time)
    {
        using var load = new IngestLoad(app, connections);
        if (warmUp > TimeSpan.Zero) await load.FullAsync(warmUp);
        return await load.FullAsync(time);
    }

    private void Report()
    {
        Console.WriteLine();
        Console.WriteLine("| | first second | warm | ratio |");
        Console.WriteLine("|---|--:|--:|--:|");
        foreach (var rate in rates)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {rate.Name} | {rate.First:N0}/s | {rate.Warm:N0}/s | {rate.First / rate.Warm:0.00} |"));
        }

        Console.WriteLine();
        Console.WriteLine("| goal | | measured |");
        Console.WriteLine("|---|--:|--:|");
        Goal("from the start of the process to ready", $"< {Text(GoalSeconds)} s", Median(starts.Select(s => s.Seconds)), "0.00 s");
        Goal("processor time until then", "", Median(starts.Select(s => s.ProcessorSeconds)), "0.00 s");
        Goal($"resident {options.Idle} s later", $"< {Text(GoalMegabytes)} MB", Median(starts.Select(s => s.Megabytes)), "0 MB");
        Goal("first second ÷ warm, the least", $"≥ {Text(GoalOfWarm)}", rates.Min(r => r.First / r.Warm), "0.00");

        static void Goal(string what, string goal, double measured, string format) =>
            Console.WriteLine($"| {what} | {goal} | {measured.ToString(format, CultureInfo.InvariantCulture)} |");

        static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    // On the disk of the repository: a temporary folder can be in memory, where a flush to disk takes no time.
    private static string NewFolder() =>
        Directory.CreateDirectory(Path.Combine("artifacts", "benchmarks", Path.GetRandomFileName())).FullName;

    private static Task<ServerProcess> StartAppAsync(string folder, WebApplication graph) => ServerProcess.StartAsync(
        ServerProcess.App, folder,
        [
            .. ProcessDatabase.Settings(folder).Select(s => $"--{s.Name}={s.Value}"),
            $"--contentRoot={Path.GetDirectoryName(ServerProcess.App)}", $"--Meta:GraphBaseUrl={graph.Urls.First()}",
        ]);

    private delegate Task<Measured> Measurement(ServerProcess app, ProcessDatabase database, TimeSpan warmUp, TimeSpan time);

    private sealed record Start(double Seconds, double ProcessorSeconds, double Megabytes)
    {
        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"ready after {Seconds:0.00} s, {ProcessorSeconds:0.00} s of processor time, {Megabytes:0} MB");
    }

    private sealed record Rate(string Name, double First, double Warm);
}
