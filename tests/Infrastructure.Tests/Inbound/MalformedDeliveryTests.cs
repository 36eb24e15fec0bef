using System.Diagnostics;
using System.Text;
using System.Text.Json;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Infrastructure.Tests.Inbound;

/// <summary>Deliveries that Meta does not document: each ends with a state and a reason, and none stops the inbound worker.</summary>
public sealed class MalformedDeliveryTests
{
    private static readonly TimeSpan FuzzFor = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Every_mutated_sample_is_processed(int seed)
    {
        var random = new Random(seed);
        List<byte[]> bodies = [.. Payload.Names.Select(name => Mutation.Of(Payload.Read(name), random))];

        await ProcessAsync(bodies, $"seed {seed}");
    }

    [Fact]
    public async Task Randomly_mutated_deliveries_are_processed()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var samples = Payload.Names.Select(Payload.Read).ToList();
        var started = Stopwatch.GetTimestamp();
        do
        {
            List<byte[]> bodies = [];
            for (var i = 0; i < 100; i++)
            {
                var body = samples[random.Next(samples.Count)];
                for (var times = random.Next(3); times >= 0; times--)
                    body = random.Next(4) == 0 ? Mutation.Garble(body, random) : TryMutate(body, random);
                bodies.Add(body);
            }

            await ProcessAsync(bodies, $"seed {seed}");
        }
        while (Stopwatch.GetElapsedTime(started) < FuzzFor);
    }

    private static byte[] TryMutate(byte[] body, Random random)
    {
        try
        {
            return Mutation.Of(body, random);
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or ArgumentException or NullReferenceException)
        {
            return body;
        }
    }

    private static async Task ProcessAsync(List<byte[]> bodies, string what)
    {
        await using var host = await WorkerHost.OpenAsync();
        await host.AddAsync(Some.SampleConnection());
        await host.RunNodeAsync();

        await host.DeliverAsync([.. bodies, Payload.Text("still working", "m_last")]);
        var deliveries = await host.UntilProcessedAsync();

        Assert.True(bodies.Count + 1 == deliveries.Count, what);
        foreach (var delivery in deliveries)
        {
            var explained = delivery.State is WebhookDeliveryState.Processed || delivery.Error is { Length: > 0 };
            Assert.True(explained, $"{what}: {delivery.State} without a reason: {Encoding.UTF8.GetString(delivery.Payload)}");
            Assert.True(delivery.Attempts == 1, what);

            // The reason of an unexpected exception begins with the kind of the event.
            var bug = delivery.ReadOutcomes().FirstOrDefault(
                o => o.Kind is EventOutcomeKind.Failed && o.Reason!.StartsWith($"{o.Event}: ", StringComparison.Ordinal));
            Assert.True(
                bug is null || IsNoText(bug.Reason!),
                $"{what}: {bug?.Reason} {Encoding.UTF8.GetString(delivery.Payload)}");
        }

        Assert.True(await host.InDatabaseAsync(db => db.Messages.AnyAsync(m => m.Text == "still working")), what);
    }

    /// <summary>Invalid UTF-8 within a string passes the parser, but cannot be stored.</summary>
    private static bool IsNoText(string reason) => reason.Contains("UTF-8", StringComparison.Ordinal);
}
