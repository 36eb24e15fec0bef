using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using MetaMessaging.Benchmarks.Processing;
using MetaMessaging.Benchmarks.Running;
using Microsoft.Data.Sqlite;

namespace MetaMessaging.Benchmarks.Reading;

/// <summary>Measures every GET and every page on databases of several sizes, and how much longer each takes on the largest.</summary>
internal sealed partial class ReadSuite(ReadOptions options)
{
    /// <summary>An address that takes longer than this is not requested again.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(20);

    /// <summary>How long one address is measured at most.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(4);

    private readonly List<Column> columns = [];

    public async Task<int> RunAsync()
    {
        foreach (var size in options.Sizes)
        {
            var template = await ReadDatabase.TemplateAsync(size);
            var folder = Directory.CreateDirectory(Path.Combine("artifacts", "benchmarks", Path.GetRandomFileName())).FullName;
            try
            {
                ReadDatabase.Copy(template, folder);
                columns.Add(await MeasureAsync(size, folder));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        Report();
        var refused = columns.SelectMany(c => c.Rows).Where(r => r.Value is { Refused: > 0 }).Select(r => r.Key).Distinct().ToList();
        if (refused.Count == 0) return 0;
        Console.Error.WriteLine($"Not measured, because the answer was an error: {string.Join(", ", refused)}");
        return 1;
    }

    private async Task<Column> MeasureAsync(int size, string folder)
    {
        await using var graph = await GraphStub.StartAsync();
        var began = Stopwatch.GetTimestamp();
        using var app = await ServerProcess.StartAsync(
            ServerProcess.App, folder, [.. ReadDatabase.Arguments(folder), $"--Meta:GraphBaseUrl={graph.Urls.First()}"]);
        var ready = Stopwatch.GetElapsedTime(began);
        // The rest of a file is not read; without that limit it would be, while the next request is measured.
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, MaxResponseDrainSize = 0 };
        using var http = new HttpClient(handler) { BaseAddress = app.Address, Timeout = MaxWait };
        await SignInAsync(http);
        using var database = new SqliteConnection($"Data Source={Path.Combine(folder, "app.db")};Pooling=False;Mode=ReadOnly");
        database.Open();
        var rows = new Dictionary<string, Measured?>();
        foreach (var request in await ReadRequests.ReadAsync(http, database))
        {
            if (!request.Name.Contains(options.Only, StringComparison.Ordinal)) continue;
            var before = app.ProcessorTime;
            rows[request.Name] = await MeasureAsync(http, request.Address);
            var processor = Number((app.ProcessorTime - before).TotalMilliseconds);
            Console.WriteLine($"  {Number(size)} {request.Name}: {Text(rows[request.Name])}, {processor} ms of processor time");
        }

        return new Column(size, rows, ready, app.PeakMemory);
    }

    /// <returns>Null when there was no answer in time.</returns>
    private async Task<Measured?> MeasureAsync(HttpClient http, string address)
    {
        var latencies = new List<long>();
        var buffer = new byte[16_384];
        var refused = 0;
        var began = Stopwatch.GetTimestamp();
        while (latencies.Count <= options.Requests && Stopwatch.GetElapsedTime(began) < MaxTime)
        {
            var sent = Stopwatch.GetTimestamp();
            try
            {
                using var answer = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
                await using var body = await answer.Content.ReadAsStreamAsync();
                _ = await body.ReadAsync(buffer);
                if (!IsExport(answer)) await body.CopyToAsync(Stream.Null);
                latencies.Add(Stopwatch.GetTimestamp() - sent);
                if ((int)answer.StatusCode >= 400) refused = (int)answer.StatusCode;
            }
            catch (TaskCanceledException)
            {
                return null;
            }
        }

        if (latencies.Count > 1) latencies.RemoveAt(0);   // the first one compiles code and queries
        return new Measured(latencies.Count, refused, Stopwatch.GetElapsedTime(began), default, [.. latencies.Order()]);
    }

    /// <summary>Of a file with everything, the time to its first bytes counts: it is read while the caller takes it.</summary>
    private static bool IsExport(HttpResponseMessage answer) => answer.Content.Headers.ContentDisposition?.DispositionType is "attachment";

    private static async Task SignInAsync(HttpClient http)
    {
        var page = await http.GetStringAsync("account/login");
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["Email"] = ReadDatabase.Email,
            ["Password"] = ReadDatabase.Password,
            ["__RequestVerificationToken"] = AntiforgeryToken().Match(page).Groups[1].Value,
        });
        using var answer = await http.PostAsync("account/login", form);
        if (answer.StatusCode is not HttpStatusCode.Redirect) throw new InvalidOperationException("The sign-in was refused.");
    }

    private void Report()
    {
        Console.WriteLine();
        Console.WriteLine($"| p50 / p95 in ms | {string.Join(" | ", columns.Select(c => c.Size))} | growth |");
        Console.WriteLine($"|---|{string.Concat(columns.Select(_ => "--:|"))}--:|");
        foreach (var name in columns[0].Rows.Keys)
        {
            var measured = columns.ConvertAll(c => c.Rows.GetValueOrDefault(name));
            Line(name, measured.Select(Text), measured[^1]?.Percentile(0.5) / measured[0]?.Percentile(0.5));
        }

        Line("start to ready, ms", columns.Select(c => Number(c.Ready.TotalMilliseconds)), columns[^1].Ready / columns[0].Ready);
        Line(
            "memory at most, MB", columns.Select(c => Number(c.PeakMemory / 1024.0 / 1024.0)),
            (double)columns[^1].PeakMemory / columns[0].PeakMemory);

        static void Line(string name, IEnumerable<string> cells, double? growth) => Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"| {name} | {string.Join(" | ", cells)} | {growth:0.0} |"));
    }

    private static string Text(Measured? measured) => measured is null
        ? string.Create(CultureInfo.InvariantCulture, $"> {MaxWait.TotalSeconds:N0} s")
        : $"{Number(measured.Percentile(0.5))} / {Number(measured.Percentile(0.95))}"
            + (measured.Refused > 0 ? string.Create(CultureInfo.InvariantCulture, $" ({measured.Refused})") : "");

    private static string Number(double number) => number.ToString(number < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);

    [GeneratedRegex("__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex AntiforgeryToken();

    private sealed record Column(int Size, IReadOnlyDictionary<string, Measured?> Rows, TimeSpan Ready, long PeakMemory);
}
