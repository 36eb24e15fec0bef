using System.Collections.Concurrent;
using System.Diagnostics;
using MetaMessaging.Application.Outbound;
using MetaMessaging.Infrastructure.Persistence;

namespace MetaMessaging.Infrastructure.Outbound;

/// <summary>Sends each conversation's messages in order, and those of 256 conversations at the same time. The message rows are the queue.
/// Outcomes and claims that come up during a commit share the next one.</summary>
internal sealed partial class Dispatcher(IServiceProvider services, ILoadShedding load, ILogger<Dispatcher> logger)
    : BackgroundService, IHostedLifecycleService, IDispatcher
{
    private const int MaxCalls = 256;

    /// <summary>Of each, outcomes and conversations to claim for, in a commit.</summary>
    private const int MaxPerCommit = 100;

    private const int MaxTries = 3;

    private static readonly TimeSpan LoadCheckInterval = TimeSpan.FromSeconds(1);

    /// <summary>From the last claim on: Meta has 20 s to answer. A longer upload is cut off, and recovery finds its message.</summary>
    private static readonly TimeSpan MaxStop = TimeSpan.FromSeconds(21);

    private readonly ConversationWakeUps wakeUps = new();
    private readonly ConcurrentQueue<SendOutcome> outcomes = [];
    private readonly WakeUpSignal signal = new();
    private readonly CancellationTokenSource claimsEnded = new();
    private int callsUnderWay;
    private long stoppedAt;

    public void Wake(long conversationId)
    {
        wakeUps.Set(conversationId);
        signal.Set();
    }

    public override void Dispose()
    {
        signal.Dispose();
        claimsEnded.Dispose();
        base.Dispose();
    }

    /// <summary>Before requests in progress are waited for, so that both end at the same time.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (claimsEnded.IsCancellationRequested) return Task.CompletedTask;
        stoppedAt = Stopwatch.GetTimestamp();
        return claimsEnded.CancelAsync();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        var left = MaxStop - (stoppedAt == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(stoppedAt));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        await base.StopAsync(limit.Token);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>When the app stops, calls that have begun are waited for. Messages that are not sent yet stay queued.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var wakeAtStop = stoppingToken.Register(signal.Set);
        while (!stoppingToken.IsCancellationRequested || callsUnderWay > 0 || !outcomes.IsEmpty)
        {
            var done = TakeOutcomes();
            var ends = stoppingToken.IsCancellationRequested || claimsEnded.IsCancellationRequested;
            var maySend = !ends && load.Level < LoadLevel.NoSends;
            var woken = maySend ? TakeWoken() : [];
            if (done.Count + woken.Count == 0)
            {
                await signal.WaitAsync(LoadCheckInterval, CancellationToken.None);
                continue;
            }

            await SaveAndClaimAsync(done, maySend ? [.. woken, .. done.Select(o => o.ConversationId)] : []);
            foreach (var outcome in done.Where(_ => !maySend))
            {
                wakeUps.Set(outcome.ConversationId);
                wakeUps.Complete(outcome.ConversationId);
            }
        }
    }

    private List<SendOutcome> TakeOutcomes()
    {
        var taken = new List<SendOutcome>();
        while (taken.Count < MaxPerCommit && outcomes.TryDequeue(out var outcome)) taken.Add(outcome);
        return taken;
    }

    private List<long> TakeWoken()
    {
        var taken = new List<long>();
        var max = Math.Min(MaxPerCommit, MaxCalls - callsUnderWay);
        while (taken.Count < max && wakeUps.TryRead(out var conversationId)) taken.Add(conversationId);
        return taken;
    }

    private async Task SaveAndClaimAsync(List<SendOutcome> done, List<long> conversationIds, int attempt = 1)
    {
        try
        {
            await using var scope = services.CreateAllOrganizationsScope();
            var batch = scope.ServiceProvider.GetRequiredService<SendBatch>();
            var claimed = await batch.SaveAndClaimAsync(done, conversationIds, CancellationToken.None);
            foreach (var message in claimed) Begin(message);
            foreach (var id in conversationIds.Except(claimed.Select(m => m.ConversationId))) wakeUps.Complete(id);
        }
        catch (Exception) when (done.Count + conversationIds.Count > 1)
        {
            // One of them is to blame, and the others shall not wait for it.
            foreach (var outcome in done) await SaveAndClaimAsync([outcome], []);
            foreach (var id in conversationIds) await SaveAndClaimAsync([], [id]);
        }
        catch (Exception exception) when (attempt < MaxTries
            && (exception is DbUpdateConcurrencyException || StorageFailure.IsTransient(exception)))
        {
            await SaveAndClaimAsync(done, conversationIds, attempt + 1);   // an echo or another node changed the row first: read it again
        }
        catch (Exception exception)
        {
            // Recovery finds the message again.
            foreach (var id in done.Select(o => o.ConversationId)) LogDeliveryFailed(exception, id);
            foreach (var id in conversationIds) LogDeliveryFailed(exception, id);
            conversationIds.ForEach(wakeUps.Complete);
        }
    }

    private void Begin(Message message)
    {
        Interlocked.Increment(ref callsUnderWay);
        _ = Task.Run(() => SendAsync(message));
    }

    private async Task SendAsync(Message message)
    {
        try
        {
            await using var scope = services.CreateAllOrganizationsScope();
            outcomes.Enqueue(await scope.ServiceProvider.GetRequiredService<MessageSender>().SendAsync(message));
        }
        catch (Exception exception)
        {
            LogDeliveryFailed(exception, message.ConversationId);   // recovery finds the message again
            wakeUps.Complete(message.ConversationId);
        }
        finally
        {
            Interlocked.Decrement(ref callsUnderWay);
            signal.Set();
        }
    }

    [LoggerMessage(LogLevel.Error, "Delivering the messages of conversation {ConversationId} failed")]
    private partial void LogDeliveryFailed(Exception failure, long conversationId);
}
