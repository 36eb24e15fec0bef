using System.Diagnostics;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Infrastructure.Tests.Inbound;

/// <summary>What Meta does not document arrives all the same: each delivery ends with a state and a reason, and none stops the pump.</summary>
public sealed class MalformedDeliveryTests
{
    private static readonly TimeSpan FuzzFor = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Every_sample_with_something_wrong_is_worked_off(int seed)
    {
        var random = new Random(seed);
        List<byte[]> bodies = [.. Payload.Names.Select(name => Mutation.Of(Payload.Read(name), random))];

        await WorkOffAsync(bodies, $"seed {seed}");
    }

    [Fact]
    public async Task Whatever_comes_is_worked_off()
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
                for (var times = random.Next(3); times >= 0; times--) body = random.Next(4) == 0 ? Mutation.Garble(body, random) : TryMutate(body, random);
                bodies.Add(body);
            }

            await WorkOffAsync(bodies, $"seed {seed}");
        }
        while (Stopwatch.GetElapsedTime(started) < FuzzFor);
    }

    private static byte[] TryMutate(byte[] body, Random random)
    {
        try
        {
            return Mutation.Of(body, random);
        }
        catch (Exception noJsonAnyMore) when (noJsonAnyMore is System.Text.Json.JsonException or InvalidOperationException or ArgumentException or NullReferenceException)
        {
            return body;
        }
    }

    private static async Task WorkOffAsync(List<byte[]> bodies, string what)
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.AddAsync(Some.SampleConnection());
        await workshop.RunAsync(workshop.NewPump());

        await workshop.DeliverAsync([.. bodies, Payload.Text("still working", "m_last")]);
        var deliveries = await workshop.UntilWorkedOffAsync();

        Assert.True(bodies.Count + 1 == deliveries.Count, what);
        foreach (var delivery in deliveries)
        {
            var explained = delivery.State is WebhookDeliveryState.Processed || delivery.Error is { Length: > 0 };
            Assert.True(explained, $"{what}: {delivery.State} without a reason: {System.Text.Encoding.UTF8.GetString(delivery.Payload)}");
            Assert.True(delivery.Attempts == 1, what);

            // An exception is named after its event's kind; what is expected to fail has words of its own.
            var bug = delivery.ReadOutcomes().FirstOrDefault(o => o.Kind is EventOutcomeKind.Failed && o.Reason!.StartsWith($"{o.Event}: ", StringComparison.Ordinal));
            Assert.True(bug is null || IsNoText(bug.Reason!), $"{what}: {bug?.Reason} {System.Text.Encoding.UTF8.GetString(delivery.Payload)}");
        }

        Assert.True(await workshop.InDatabaseAsync(db => db.Messages.AnyAsync(m => m.Text == "still working")), what);
    }

    /// <summary>Bytes that are no UTF-8 inside of a text: JSON by its looks, but nothing to be kept.</summary>
    private static bool IsNoText(string reason) => reason.Contains("UTF-8", StringComparison.Ordinal);
}
