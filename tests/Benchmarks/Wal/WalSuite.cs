using System.Globalization;
using MetaMessaging.Benchmarks.Processing;
using MetaMessaging.Benchmarks.Running;
using Microsoft.Data.Sqlite;

namespace MetaMessaging.Benchmarks.Wal;

/// <summary>Events arrive at a steady rate while readers, each with a snapshot of its own, overlap all the time. Measures the length of the
/// write-ahead log meanwhile and after the readers have ended.</summary>
internal sealed class WalSuite(WalOptions options)
{
    private const long GoalBytes = 64L * 1024 * 1024;

    /// <summary>What the app cuts the log to when it begins anew.</summary>
    private const long LengthAfterwards = 32L * 1024 * 1024;

    private static readonly TimeSpan SampleInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan TimeAfterwards = TimeSpan.FromSeconds(10);

    private long longest;

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
            using var load = new ProcessLoad(app, database, new ProcessOptions());
            var isShort = await MeasureAsync(load, database.File);
            app.Kill();
            return database.IsEveryEventStoredOnce(load.Posted) && isShort ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<bool> MeasureAsync(ProcessLoad load, string file)
    {
        await load.SteadyAsync(1, options.Rate, TimeSpan.FromSeconds(5));   // warms up
        using var sampling = new CancellationTokenSource();
        var sampler = SampleAsync($"{file}-wal", sampling.Token);
        Measured measured;
        using (var reading = new CancellationTokenSource())
        {
            var readers = Enumerable.Range(0, options.Readers).Select(_ => ReadAsync(file, reading.Token)).ToList();
            measured = await load.SteadyAsync(1, options.Rate, TimeSpan.FromSeconds(options.Seconds));
            await reading.CancelAsync();
            await Task.WhenAll(readers);
        }

        var whileRead = longest;
        await load.SteadyAsync(1, options.Rate, TimeAfterwards);
        await sampling.CancelAsync();
        await sampler;
        var afterwards = new FileInfo($"{file}-wal").Length;

        Console.WriteLine();
        Console.WriteLine("| goal | | measured |");
        Console.WriteLine("|---|--:|--:|");
        Line("the log with readers, at most", "< 64 MB", $"{whileRead / 1024.0 / 1024:N0} MB");
        Line("ten seconds after them", "≤ 32 MB", $"{afterwards / 1024.0 / 1024:N0} MB");
        Line("events/s", "", $"{measured.PerSecond:N0}");
        Line("visible p50, p99", "", $"{measured.Percentile(0.5):N0} ms, {measured.Percentile(0.99):N0} ms");
        Console.WriteLine();
        return whileRead < GoalBytes && afterwards <= LengthAfterwards;

        static void Line(string what, string goal, FormattableString value) =>
            Console.WriteLine($"| {what} | {goal} | {value.ToString(CultureInfo.InvariantCulture)} |");
    }

    private async Task ReadAsync(string file, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False;Mode=ReadOnly");
        await connection.OpenAsync(CancellationToken.None);
        while (!cancellationToken.IsCancellationRequested)
        {
            await using var transaction = connection.BeginTransaction(deferred: true);
            await using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = "SELECT max(id) FROM messages";
            await command.ExecuteScalarAsync(CancellationToken.None);
            await Task.Delay(options.Reading, CancellationToken.None);
        }
    }

    private async Task SampleAsync(string log, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            longest = Math.Max(longest, new FileInfo(log).Length);
            await Task.Delay(SampleInterval, CancellationToken.None);
        }
    }
}
