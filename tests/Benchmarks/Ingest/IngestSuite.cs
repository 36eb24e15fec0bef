using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MetaMessaging.Benchmarks.Running;
using Microsoft.Data.Sqlite;

namespace MetaMessaging.Benchmarks.Ingest;

/// <summary>
/// Durable acknowledgements: compares the app with an endpoint that stores nothing, and with one that saves each delivery by itself.
/// The three alternate within one run, so that other load on the machine affects all of them alike.
/// </summary>
internal sealed class IngestSuite(IngestOptions options)
{
    private const string Email = "admin@example.com";
    private const string Password = "benchmark-password";

    private const double GoalOfFloor = 0.65;
    private const double GoalOfSaveEach = 20;
    private const double GoalMilliseconds = 50;

    /// <summary>Enough for the JIT to recompile the hot methods, which takes long on a busy machine.</summary>
    private const int WarmUpRounds = 3;

    private static readonly string OwnDll = typeof(IngestSuite).Assembly.Location;

    private TimeSpan Time => TimeSpan.FromSeconds(options.Seconds);

    public async Task<int> RunAsync()
    {
        // On the disk of the repository: a temporary folder can be in memory, where a flush to disk takes no time.
        var folder = Directory.CreateDirectory(Path.Combine("artifacts", "benchmarks", Path.GetRandomFileName())).FullName;
        try
        {
            using var floor = await ServerProcess.StartAsync(OwnDll, folder, FloorServer.Name);
            using var saveEach = await ServerProcess.StartAsync(OwnDll, folder, [SaveEachServer.Name, .. Storage("save-each")]);
            using var app = await ServerProcess.StartAsync(ServerProcess.App, folder,
            [
                .. Storage("app"), $"--contentRoot={Path.GetDirectoryName(ServerProcess.App)}",
                $"--Bootstrap:AdminEmail={Email}", $"--Bootstrap:AdminPassword={Password}",
            ]);
            using var api = await SignInAsync(app.Address);
            await ConfigureAsync(api);

            return await MeasureAsync(floor, app, saveEach, api, Path.Combine(folder, "app.db"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        string[] Storage(string name) =>
        [
            $"--ConnectionStrings:Database=Data Source={Path.Combine(folder, name + ".db")}",
            $"--DataProtection:KeysPath={Path.Combine(folder, name + "-keys")}",
            $"--Storage:Path={Path.Combine(folder, name + "-media")}",
        ];
    }

    private async Task<int> MeasureAsync(ServerProcess floor, ServerProcess app, ServerProcess saveEach, HttpClient api, string database)
    {
        using var floorLoad = new IngestLoad(floor, options.Connections);
        using var appLoad = new IngestLoad(app, options.Connections);
        using var saveEachLoad = new IngestLoad(saveEach, options.Connections);
        Candidate[] candidates =
        [
            new("floor: HTTP and signature", floorLoad), new("the app: durable", appLoad), new("one SaveChanges each", saveEachLoad),
        ];

        Console.WriteLine($"{Environment.ProcessorCount} processors, {options.Rounds} rounds, {options.Connections} connections");
        for (var round = 1; round <= WarmUpRounds; round++)
        {
            foreach (var candidate in candidates) await candidate.Load.FullAsync(Time);
        }

        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var candidate in candidates)
            {
                var deliveries = candidate.Load == saveEachLoad ? 0 : options.Deliveries;   // 10,000 would take minutes
                candidate.Full.Add(await candidate.Load.FullAsync(Time, deliveries));
                Console.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"  round {round}, full load, {candidate.Name}: {candidate.Full[^1].PerSecond:N0}/s, "
                            + $"{candidate.Full[^1].ProcessorMicroseconds:N0} µs each"));
            }
        }

        // Half load is measured without a backlog.
        await WaitUntilProcessedAsync(api, appLoad);
        foreach (var candidate in candidates) candidate.Half = await candidate.Load.SteadyAsync(candidate.Rate / 2, Time);

        app.Kill();
        Report(candidates[0], candidates[1], candidates[2]);
        var refused = candidates.Sum(c => c.Full.Sum(m => m.Refused) + c.Half!.Refused);
        if (refused > 0) Console.WriteLine($"{refused} deliveries were refused.");
        return await IsEverythingStoredOnceAsync(appLoad, database) && refused == 0 ? 0 : 1;
    }

    private static void Report(Candidate floor, Candidate app, Candidate saveEach)
    {
        Console.WriteLine();
        Console.WriteLine("| | acknowledged/s | server CPU each | p50 full load | p99 full load | p50 half load | p99 half load |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|");
        foreach (var c in new[] { floor, app, saveEach })
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {c.Name} | {c.Rate:N0} | {c.ProcessorMicroseconds:N0} µs | {c.FullPercentile(0.5):N1} ms | "
                    + $"{c.FullPercentile(0.99):N1} ms | {c.Half!.Percentile(0.5):N1} ms | {c.Half.Percentile(0.99):N1} ms |"));
        }

        Console.WriteLine();
        Console.WriteLine("| goal | | measured |");
        Console.WriteLine("|---|--:|--:|");
        Goal("the app ÷ the floor", $"≥ {GoalOfFloor:0.00}", Ratio(app, floor), "0.00");
        Goal("the app ÷ one SaveChanges each", $"≥ {GoalOfSaveEach:0}", Ratio(app, saveEach), "0.0");
        Goal("the app's p99 at half load", $"< {GoalMilliseconds:0} ms", app.Half!.Percentile(0.99), "0.0 ms");
        Console.WriteLine();

        static void Goal(string what, string goal, double measured, string format) =>
            Console.WriteLine($"| {what} | {goal} | {measured.ToString(format, CultureInfo.InvariantCulture)} |");
    }

    /// <summary>The median of the ratios of each round, because measurements close in time ran under the same conditions.</summary>
    private static double Ratio(Candidate one, Candidate other) => Median(one.Full.Zip(other.Full, (a, b) => a.PerSecond / b.PerSecond));

    private static async Task<HttpClient> SignInAsync(Uri address)
    {
        var api = new HttpClient { BaseAddress = address };
        using var signIn = await api.PostAsJsonAsync("api/auth/login", new { email = Email, password = Password });
        var token = (
            await signIn.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString();
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return api;
    }

    private static async Task ConfigureAsync(HttpClient api)
    {
        using var saved = await api.PutAsJsonAsync("api/admin/system-config", new
        {
            metaMessagingAppId = IngestWebhook.AppId,
            metaMessagingAppSecret = IngestWebhook.AppSecret,
            metaMessagingVerifyToken = "token",
        });
        saved.EnsureSuccessStatusCode();
    }

    private static async Task WaitUntilProcessedAsync(HttpClient api, IngestLoad load)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var pending = await api.GetFromJsonAsync<JsonElement>("api/ops/webhook-deliveries?state=pending&limit=1");
            if (pending.GetProperty("items").GetArrayLength() == 0) break;
            await Task.Delay(200);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {load.Acknowledged.Count():N0} deliveries in all; the backlog was processed "
                + $"{Stopwatch.GetElapsedTime(began).TotalSeconds:N0} s later"));
    }

    /// <summary>Checks in the database of the killed app that each acknowledged delivery is stored exactly once, byte for byte.</summary>
    private static async Task<bool> IsEverythingStoredOnceAsync(IngestLoad load, string database)
    {
        var acknowledged = load.Acknowledged.ToHashSet();
        var stored = new HashSet<long>();
        int rows = 0, twice = 0, foreign = 0;
        await using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT payload FROM webhook_deliveries";
        await using var row = await command.ExecuteReaderAsync();
        for (; await row.ReadAsync(); rows++)
        {
            if (IngestWebhook.NumberOf(row.GetFieldValue<byte[]>(0)) is not { } number) foreign++;
            else if (!stored.Add(number)) twice++;
        }

        var lost = acknowledged.Except(stored).Count();
        var right = lost == 0 && twice == 0 && foreign == 0;
        Console.WriteLine(
            $"{acknowledged.Count} acknowledged, {rows} stored, {lost} lost, {twice} stored twice, {foreign} altered: "
            + (right ? "each acknowledged delivery is stored exactly once." : "FAILED."));
        return right;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private sealed record Candidate(string Name, IngestLoad Load)
    {
        public List<Measured> Full { get; } = [];

        public Measured? Half { get; set; }

        public double Rate => Median(Full.Select(m => m.PerSecond));

        public double ProcessorMicroseconds => Median(Full.Select(m => m.ProcessorMicroseconds));

        public double FullPercentile(double share) => Median(Full.Select(m => m.Percentile(share)));
    }
}
