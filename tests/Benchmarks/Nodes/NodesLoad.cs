using System.Diagnostics;
using System.Globalization;
using System.Text;
using MetaMessaging.Benchmarks.Ingest;
using MetaMessaging.Benchmarks.Sending;

namespace MetaMessaging.Benchmarks.Nodes;

/// <summary>Delivers numbered text messages of many customers to whichever node answers; a customer's next one only after the one before
/// was acknowledged, so that the order is known. As Meta does, it delivers again what was not acknowledged.</summary>
internal sealed class NodesLoad(NodesOptions options, IReadOnlyList<NodeUnderFaults> nodes) : IDisposable
{
    private const int Customers = 400;
    private const long FirstTime = 1_767_225_600_000;

    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly long began = Stopwatch.GetTimestamp();
    private int acknowledged;
    private int repeated;

    public int Acknowledged => acknowledged;

    /// <summary>Deliveries that were not acknowledged at first.</summary>
    public int Repeated => repeated;

    public static string CustomerId(int customer) => $"7600{customer:000000000000}";

    /// <summary>The customers' numbers in the order of their messages.</summary>
    public IEnumerable<(string CustomerId, IEnumerable<int> Numbers)> Expected() => Enumerable.Range(0, Math.Min(Customers, options.Events))
        .Select(customer => (CustomerId(customer), Numbers(customer)));

    public Task RunAsync() => Task.WhenAll(Enumerable.Range(0, Customers).Select(customer => Task.Run(() => DeliverAsync(customer))));

    public void Dispose() => http.Dispose();

    private IEnumerable<int> Numbers(int customer) =>
        Enumerable.Range(0, (options.Events + Customers - 1 - customer) / Customers).Select(n => customer + n * Customers);

    private async Task DeliverAsync(int customer)
    {
        foreach (var number in Numbers(customer))
        {
            if (options.Rate > 0)
            {
                var due = TimeSpan.FromSeconds((double)number / options.Rate) - Stopwatch.GetElapsedTime(began);
                if (due > TimeSpan.Zero) await Task.Delay(due);
            }

            for (var turn = number; !await TryDeliverAsync(nodes[turn % nodes.Count], customer, number); turn++)
            {
                Interlocked.Increment(ref repeated);
                await Task.Delay(100);
            }

            Interlocked.Increment(ref acknowledged);
        }
    }

    private async Task<bool> TryDeliverAsync(NodeUnderFaults node, int customer, int number)
    {
        if (node.Address is not { } address) return false;
        try
        {
            using var request = IngestWebhook.Request(new Uri(address, IngestWebhook.Path), Body(customer, number));
            using var answer = await http.SendAsync(request);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return false;   // it may be stored all the same
        }
    }

    private byte[] Body(int customer, int number)
    {
        var (page, time) = (SendDatabase.PageId(customer % options.Pages), FirstTime + number);
        return Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"object":"page","entry":[{"id":"{{{page}}}","time":{{{time}}},"messaging":["""
                + $$$"""{"sender":{"id":"{{{CustomerId(customer)}}}"},"""
                + $$$"""
                "recipient":{"id":"{{{page}}}"},"timestamp":{{{time}}},"message":{"mid":"m_{{{number:D12}}}","text":"{{{number}}}"}}]}]}
                """));
    }
}
