using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using MetaMessaging.Benchmarks.Running;

namespace MetaMessaging.Benchmarks.Ingest;

/// <summary>Posts signed deliveries over many connections, and records which ones were acknowledged.</summary>
internal sealed class IngestLoad : IDisposable
{
    private readonly ServerProcess server;
    private readonly Uri address;
    private readonly int connections;
    private readonly HttpMessageInvoker http;
    private readonly ConcurrentQueue<List<long>> acknowledged = new();

    // Every delivery has its own number, so that a duplicate is recognized.
    private long lastNumber;

    public IngestLoad(ServerProcess server, int connections)
    {
        this.server = server;
        this.connections = connections;
        address = new Uri(server.Address, IngestWebhook.Path);
        http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            MaxConnectionsPerServer = connections,
        });
    }

    public IEnumerable<long> Acknowledged => acknowledged.SelectMany(numbers => numbers);

    /// <summary>Full load: every connection posts again as soon as it has its answer.</summary>
    public Task<Measured> FullAsync(TimeSpan minTime, int deliveries = 0)
    {
        var began = Stopwatch.GetTimestamp();
        var posted = 0;
        return MeasureAsync(runs => Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            var run = runs.New();
            while (Stopwatch.GetElapsedTime(began) < minTime || posted < deliveries)
            {
                Interlocked.Increment(ref posted);
                await PostAsync(run, Stopwatch.GetTimestamp());
            }
        }))));
    }

    /// <summary>Posts at a steady rate; a latency is counted from when the delivery was due.</summary>
    public Task<Measured> SteadyAsync(double perSecond, TimeSpan time)
    {
        var began = Stopwatch.GetTimestamp();
        var ticksApart = Stopwatch.Frequency / perSecond;
        var all = (long)(perSecond * time.TotalSeconds);
        var lastTaken = -1L;
        return MeasureAsync(runs => Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            var run = runs.New();
            while (Interlocked.Increment(ref lastTaken) is var next && next < all)
            {
                var due = began + (long)(next * ticksApart);
                if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is var delay && delay > TimeSpan.FromMilliseconds(1))
                    await Task.Delay(delay);
                await PostAsync(run, due);
            }
        }))));
    }

    public void Dispose() => http.Dispose();

    private async Task<Measured> MeasureAsync(Func<Runs, Task> work)
    {
        var runs = new Runs();
        var processor = server.ProcessorTime;
        var began = Stopwatch.GetTimestamp();
        await work(runs);
        var took = Stopwatch.GetElapsedTime(began);

        var latencies = runs.All.SelectMany(run => run.Latencies).ToArray();
        Array.Sort(latencies);
        foreach (var run in runs.All) acknowledged.Enqueue(run.Acknowledged);
        return new Measured(latencies.Length, runs.All.Sum(run => run.Refused), took, server.ProcessorTime - processor, latencies);
    }

    private async Task PostAsync(Run run, long began)
    {
        var number = Interlocked.Increment(ref lastNumber);
        using var request = IngestWebhook.Request(address, number);
        using var answer = await http.SendAsync(request, CancellationToken.None);
        if (answer.StatusCode is not HttpStatusCode.OK)
        {
            run.Refused++;
            return;
        }

        run.Latencies.Add(Stopwatch.GetTimestamp() - began);
        run.Acknowledged.Add(number);
    }

    /// <summary>The results of one connection, kept separately so that nothing is shared while it measures.</summary>
    private sealed class Run
    {
        public List<long> Latencies { get; } = [];

        public List<long> Acknowledged { get; } = [];

        public int Refused { get; set; }
    }

    private sealed class Runs
    {
        private readonly ConcurrentBag<Run> all = [];

        public IReadOnlyCollection<Run> All => all;

        public Run New()
        {
            var run = new Run();
            all.Add(run);
            return run;
        }
    }
}
