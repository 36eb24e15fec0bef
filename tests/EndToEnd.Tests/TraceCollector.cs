using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MetaMessaging.EndToEnd.Tests;

/// <param name="Links">The traces that it names.</param>
internal sealed record Span(string TraceId, string Id, string ParentId, string Name, IReadOnlyList<string> Links);

/// <summary>Takes traces by OTLP over HTTP and reads the few fields of the protobuf that the tests look at.</summary>
internal sealed class TraceCollector : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Span> spans = [];
    private readonly ConcurrentQueue<string> bodies = [];

    private TraceCollector(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.Single());

    public IReadOnlyList<Span> Spans => [.. spans];

    /// <summary>Texts in protobuf are plain UTF-8.</summary>
    public string Everything => string.Join('\n', bodies);

    public static async Task<TraceCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var collector = new TraceCollector(builder.Build());
        collector.app.Run(collector.ReceiveAsync);
        await collector.app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        http.Response.StatusCode = StatusCodes.Status200OK;
        if (http.Request.Path != "/v1/traces") return;
        bodies.Enqueue(Encoding.UTF8.GetString(body.ToArray()));
        foreach (var resource in Fields(body.ToArray(), 1))
        {
            foreach (var scope in Fields(resource, 2))
            {
                foreach (var span in Fields(scope, 2)) spans.Enqueue(Read(span));
            }
        }
    }

    private static Span Read(byte[] span) => new(
        Hex(span, 1), Hex(span, 2), Hex(span, 4), Encoding.UTF8.GetString(Fields(span, 5).Single()),
        [.. Fields(span, 13).Select(link => Hex(link, 1))]);

    private static string Hex(byte[] message, int field) => Convert.ToHexStringLower(Fields(message, field).FirstOrDefault() ?? []);

    /// <summary>The length-delimited fields with that number; the others are passed over.</summary>
    private static IEnumerable<byte[]> Fields(byte[] message, int wanted)
    {
        for (var at = 0; at < message.Length;)
        {
            var key = ReadNumber(message, ref at);
            switch (key & 7)
            {
                case 0: ReadNumber(message, ref at); break;
                case 1: at += 8; break;
                case 5: at += 4; break;
                default:
                    var length = (int)ReadNumber(message, ref at);
                    if (key >> 3 == wanted) yield return message[at..(at + length)];
                    at += length;
                    break;
            }
        }
    }

    private static long ReadNumber(byte[] message, ref int at)
    {
        long number = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            number |= (long)(next & 0x7f) << shift;
            if (next < 0x80) return number;
        }
    }
}
