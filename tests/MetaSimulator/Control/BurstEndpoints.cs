using System.Collections.Concurrent;
using System.Diagnostics;
using MetaMessaging.MetaSimulator.Customers;
using MetaMessaging.MetaSimulator.State;
using MetaMessaging.MetaSimulator.Webhooks;

namespace MetaMessaging.MetaSimulator.Control;

/// <summary>Many messages from many customers at a steady rate.</summary>
internal static class BurstEndpoints
{
    private const int TickMs = 10;

    public static void Map(IEndpointRouteBuilder sim)
    {
        var bursts = new ConcurrentDictionary<string, BurstProgress>(StringComparer.Ordinal);
        sim.MapPost("/bursts", async (BurstRequest request, Platform platform) =>
        {
            var progress = new BurstProgress($"burst-{Guid.NewGuid():N}", request.Messages);
            bursts[progress.Id] = progress;
            var customers = FindCustomers(platform, request);
            var running = Task.Run(() => RunAsync(platform, request, customers, progress));
            if (request.Wait is true) await running;
            return Results.Json(progress, statusCode: request.Wait is true ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
        });
        sim.MapGet("/bursts/{id}", (string id) => bursts.GetValueOrDefault(id) ?? throw ControlException.NotFound($"burst {id}"));
    }

    private static List<Customer> FindCustomers(Platform platform, BurstRequest request)
    {
        var channel = ChannelLabels.Parse(request.Channel ?? "messenger")
            ?? throw new ControlException("channel is messenger or instagram.");
        var pageId = request.PageId ?? Seed.CoffeePageId;
        var customers = platform.Customers.Where(customer => customer.PageId == pageId && customer.Channel == channel)
            .OrderBy(customer => customer.Id, StringComparer.Ordinal).Take(request.Customers ?? 1).ToList();
        while (customers.Count < (request.Customers ?? 1))
        {
            customers.Add(CustomerEndpoints.New(platform, new CustomerRequest { PageId = pageId, Channel = request.Channel }));
        }

        return customers;
    }

    private static async Task RunAsync(Platform platform, BurstRequest request, List<Customer> customers, BurstProgress progress)
    {
        var actions = new CustomerActions(platform);
        var events = new MessagingEvents(platform.Media);
        var packed = new List<WebhookEvent>();
        var started = Stopwatch.GetTimestamp();
        platform.Webhooks.Reserve();
        try
        {
            for (var number = 0; number < request.Messages; number++)
            {
                if (request.PerSecond is { } rate)
                {
                    var due = TimeSpan.FromSeconds(number / (double)rate);
                    while (Stopwatch.GetElapsedTime(started) < due) await Task.Delay(TickMs);
                }

                var customer = customers[number % customers.Count];
                var message = NewMessage(platform, customer, $"{request.Text ?? "Message"} {number + 1}");
                if (request.EventsPerPost is > 1)
                {
                    platform.Add(customer, message);
                    customer.Acted(message.At);
                    packed.Add(events.Message(customer, message));
                    if (packed.Count == request.EventsPerPost || number == request.Messages - 1)
                    {
                        _ = platform.Webhooks.EmitTogether(packed);
                        packed = [];
                    }
                }
                else
                {
                    actions.Write(customer, message);
                }

                progress.Advance();
            }
        }
        finally
        {
            platform.Webhooks.Unreserve();
            progress.Finish(Stopwatch.GetElapsedTime(started));
        }
    }

    private static Message NewMessage(Platform platform, Customer customer, string text) => new()
    {
        Mid = Ids.MessageId(customer.Channel, customer.AccountId),
        CustomerId = customer.Id,
        FromCustomer = true,
        At = customer.NextTime(platform.Clock.NowMs),
        Text = text,
    };

    internal sealed record BurstRequest(
        int Messages, int? Customers, int? PerSecond, string? PageId, string? Channel, string? Text, int? EventsPerPost, bool? Wait);

    internal sealed class BurstProgress(string id, int total)
    {
        private int _emitted;

        public string Id => id;

        public int Total => total;

        public int Emitted => Volatile.Read(ref _emitted);

        public bool Done { get; private set; }

        public double? TookMs { get; private set; }

        public void Advance() => Interlocked.Increment(ref _emitted);

        public void Finish(TimeSpan took)
        {
            TookMs = took.TotalMilliseconds;
            Done = true;
        }
    }
}
