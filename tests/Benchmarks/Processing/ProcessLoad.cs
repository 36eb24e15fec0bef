using System.Diagnostics;
using System.Net;
using MetaMessaging.Benchmarks.Ingest;
using MetaMessaging.Benchmarks.Running;

namespace MetaMessaging.Benchmarks.Processing;

/// <summary>Posts signed deliveries, at most a given number of events ahead of the stored messages, and watches the database.</summary>
internal sealed class ProcessLoad : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    private readonly ServerProcess app;
    private readonly ProcessDatabase database;
    private readonly ProcessOptions options;
    private readonly ProcessWebhook webhook;
    private readonly Uri address;
    private readonly HttpMessageInvoker http;

    private long posted;
    private long visible;
    private int refused;

    /// <param name="first">The number of the first event; those before it are stored already.</param>
    public ProcessLoad(ServerProcess app, ProcessDatabase database, ProcessOptions options, long first = 0)
    {
        (posted, visible) = (first, first);
        this.app = app;
        this.database = database;
        this.options = options;
        webhook = new ProcessWebhook(options.Customers);
        address = new Uri(app.Address, IngestWebhook.Path);
        http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            MaxConnectionsPerServer = options.Connections,
        });
    }

    /// <summary>The number of events (not deliveries) that were posted, those before the first included.</summary>
    public long Posted => Interlocked.Read(ref posted);

    public int Refused => refused;

    /// <summary>Posts as fast as the app processes; counts the messages that became visible during the time.</summary>
    public async Task<Measured> SustainAsync(int eventsEach, TimeSpan time)
    {
        using var stop = new CancellationTokenSource();
        var watching = WatchAsync(null, stop.Token);
        var processor = app.ProcessorTime;
        var (began, before) = (Stopwatch.GetTimestamp(), Interlocked.Read(ref visible));
        await Task.WhenAll(Enumerable.Range(0, options.Connections).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(began) < time)
            {
                if (Posted - Interlocked.Read(ref visible) > options.Ahead) await Task.Delay(PollInterval);
                else await PostAsync(Interlocked.Add(ref posted, eventsEach) - eventsEach, eventsEach);
            }
        })));
        var measured = new Measured(
            (int)(Interlocked.Read(ref visible) - before), refused, Stopwatch.GetElapsedTime(began), app.ProcessorTime - processor, []);
        await WaitUntilAllVisibleAsync();
        await stop.CancelAsync();
        await watching;
        return measured;
    }

    /// <summary>Posts at a steady rate; a latency is the time from when a delivery was due until its messages can be read.</summary>
    public async Task<Measured> SteadyAsync(int eventsEach, int eventsPerSecond, TimeSpan time)
    {
        var first = Posted;
        var deliveries = (int)(eventsPerSecond * time.TotalSeconds / eventsEach);
        var latencies = new long[deliveries * eventsEach];
        var ticksApart = Stopwatch.Frequency * (double)eventsEach / eventsPerSecond;
        var began = Stopwatch.GetTimestamp();

        using var stop = new CancellationTokenSource();
        var watching = WatchAsync(
            (number, now) => latencies[number - first] = now - began - (long)((number - first) / eventsEach * ticksApart), stop.Token);
        var processor = app.ProcessorTime;
        var lastTaken = -1L;
        await Task.WhenAll(Enumerable.Range(0, options.Connections).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref lastTaken) is var next && next < deliveries)
            {
                var due = began + (long)(next * ticksApart);
                if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is var delay && delay > TimeSpan.FromMilliseconds(1))
                    await Task.Delay(delay);
                Interlocked.Add(ref posted, eventsEach);
                await PostAsync(first + next * eventsEach, eventsEach);
            }
        })));
        await WaitUntilAllVisibleAsync();
        await stop.CancelAsync();
        await watching;
        var took = Stopwatch.GetElapsedTime(began);
        Array.Sort(latencies);
        return new Measured(latencies.Length, refused, took, app.ProcessorTime - processor, latencies);
    }

    /// <summary>Measures from the post of a read receipt until the conversation's watermark can be read.</summary>
    public async Task<TimeSpan> ReadReceiptAsync(long conversationId, string customerId, long watermark)
    {
        var began = Stopwatch.GetTimestamp();
        await PostAsync(ProcessWebhook.Read(customerId, watermark));
        while (!await database.IsReadUpToAsync(conversationId, watermark)) await Task.Yield();
        return Stopwatch.GetElapsedTime(began);
    }

    public void Dispose() => http.Dispose();

    private Task PostAsync(long first, int count) => PostAsync(webhook.Messages(first, count));

    /// <summary>Posts a refused delivery again, as Meta does.</summary>
    private async Task PostAsync(byte[] body)
    {
        while (true)
        {
            using var request = IngestWebhook.Request(address, body);
            using var answer = await http.SendAsync(request, CancellationToken.None);
            if (answer.StatusCode is HttpStatusCode.OK) return;
            Interlocked.Increment(ref refused);
            await Task.Delay(PollInterval);
        }
    }

    private async Task WaitUntilAllVisibleAsync()
    {
        for (var began = Stopwatch.GetTimestamp(); Interlocked.Read(ref visible) < Posted; await Task.Delay(PollInterval))
        {
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromMinutes(2))
                throw new TimeoutException($"{Posted} events were posted, {visible} became messages.");
        }
    }

    private async Task WatchAsync(Action<long, long>? onVisible, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            Interlocked.Add(ref visible, onVisible is null
                ? database.CountNew()
                : database.ReadNew(mid => onVisible(ProcessWebhook.NumberOf(mid), Stopwatch.GetTimestamp())));
            await Task.Delay(PollInterval, CancellationToken.None);
        }
    }
}
