using System.Collections.Concurrent;

namespace MetaMessaging.Infrastructure.Graph;

internal enum CallKind { Message, AudioOrVideo, Conversations }

/// <summary>Limits each account and kind of call, on all nodes together. A conversation without a permit is queued without a worker and
/// woken once its permit is acquired, so the conversations of a busy Page neither block others nor poll.</summary>
internal sealed class GraphBudget(GraphUsage usage, IDispatcher dispatcher, INodes nodes, TimeProvider clock) : IGraphBudget, IDisposable
{
    /// <summary>How long an acquired permit stays valid until a worker takes up the conversation.</summary>
    private static readonly TimeSpan PermitLifetime = TimeSpan.FromSeconds(30);

    /// <summary>At two reads a second, the last of eight waits four seconds.</summary>
    private const int MaxQueuedReads = 8;

    private readonly ConcurrentDictionary<RateLimit, SharedRate> rates = new();
    private readonly ConcurrentDictionary<long, RateLimit> queued = new();
    private readonly ConcurrentDictionary<long, (RateLimit Limit, long At)> acquiredPermits = new();
    private readonly CancellationTokenSource stopping = new();

    public bool TryTake(string accountId, bool isAudioOrVideo, long conversationId)
    {
        var limit = new RateLimit(accountId, isAudioOrVideo ? CallKind.AudioOrVideo : CallKind.Message);
        if (acquiredPermits.TryRemove(conversationId, out var permit)
            && permit.Limit == limit
            && clock.GetElapsedTime(permit.At) < PermitLifetime) return true;

        if (queued.ContainsKey(conversationId)) return false;
        if (TryTake(limit)) return true;

        if (queued.TryAdd(conversationId, limit)) _ = WaitAsync(limit, conversationId);
        return false;
    }

    /// <summary>Takes a permit only when one is free and no call is queued for it.</summary>
    public bool TryTake(RateLimit limit) => RateOf(limit).TryTake();

    public Task<bool> WaitAsync(RateLimit limit, CancellationToken cancellationToken) => RateOf(limit).WaitAsync(cancellationToken);

    public GraphAllowance Read(string accountId) => new(
        [.. Enum.GetValues<CallKind>().Select(kind => Read(new RateLimit(accountId, kind)))], usage.Of(accountId),
        usage.WaitFor(accountId) is { } wait ? clock.GetUtcNow() + wait : null);

    public GraphUsageModel? ReadApp() => usage.OfApp;

    public void Dispose()
    {
        if (stopping.IsCancellationRequested) return;   // it is registered twice, and so disposed twice
        stopping.Cancel();
        stopping.Dispose();
        foreach (var rate in rates.Values) rate.Dispose();
    }

    internal static int PerSecond(CallKind kind) => kind switch
    {
        CallKind.Message => 100,   // the lower of what Meta documents: 300 for Messenger, 100 for Instagram
        CallKind.AudioOrVideo => 10,
        _ => 2,
    };

    private async Task WaitAsync(RateLimit limit, long conversationId)
    {
        try
        {
            if (!await WaitAsync(limit, stopping.Token)) return;
            acquiredPermits[conversationId] = (limit, clock.GetTimestamp());
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            return;   // the app stops; the dispatcher finds the message's row at the next start
        }
        finally
        {
            queued.TryRemove(conversationId, out _);
        }

        dispatcher.Wake(conversationId);
    }

    private CallBudgetModel Read(RateLimit limit)
    {
        var rate = RateOf(limit);
        var name = limit.Kind switch
        {
            CallKind.Message => "messages",
            CallKind.AudioOrVideo => "audioAndVideo",
            _ => "conversations",
        };
        return new CallBudgetModel(name, PerSecond(limit.Kind), rate.Available, rate.Waiting);
    }

    /// <summary>At once a tenth of a second's calls: a full second's on top of the rate would be twice what Meta allows.</summary>
    private SharedRate RateOf(RateLimit limit) => rates.GetOrAdd(limit, _ =>
    {
        var perSecond = PerSecond(limit.Kind);
        var maxQueued = limit.Kind is CallKind.Conversations ? MaxQueuedReads : int.MaxValue;
        return new SharedRate(perSecond, Math.Max(1, perSecond / 10), maxQueued, nodes, clock);
    });

    internal readonly record struct RateLimit(string AccountId, CallKind Kind);
}
