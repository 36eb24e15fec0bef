using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using MetaMessaging.MetaSimulator.Phone;

namespace MetaMessaging.MetaSimulator.Control;

/// <summary>Sends notices to open pages, as server-sent events.</summary>
internal static class LiveEndpoints
{
    public static void Map(IEndpointRouteBuilder sim) =>
        sim.MapGet("/live", (LiveFeed live, IHostApplicationLifetime lifetime, CancellationToken cancellationToken) =>
        TypedResults.ServerSentEvents(ReadAsync(live, lifetime.ApplicationStopping, cancellationToken)));

    /// <summary>Ends when the program stops, because an open page would delay the shutdown.</summary>
    private static async IAsyncEnumerable<SseItem<LiveNotice>> ReadAsync(
        LiveFeed live, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellationToken);
        await foreach (var notice in live.ListenAsync(either.Token)) yield return new SseItem<LiveNotice>(notice, notice.Topic);
    }
}
