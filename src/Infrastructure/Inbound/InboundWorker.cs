using MetaMessaging.Application.Inbound;
using MetaMessaging.Infrastructure.Nodes;
using MetaMessaging.Infrastructure.Persistence;

namespace MetaMessaging.Infrastructure.Inbound;

/// <summary>Processes the stored deliveries of the partitions whose leases this node holds, in order, up to 1,000 in one transaction. The
/// events of a batch that fails are processed again one by one, so that only the one at fault is marked failed.</summary>
internal sealed partial class InboundWorker(
    IServiceProvider services,
    WakeUpSignal wakeUp,
    WebhookTraffic traffic,
    InboundLoadShedding load,
    PartitionLeases leases,
    TimeProvider clock,
    ILogger<InboundWorker> logger)
    : BackgroundService
{
    private const int MaxDeliveries = 1_000;
    private const int MaxDeliveriesWhenBusy = 400;

    /// <summary>At a peak the worker pauses for seven times as long as it worked, so it takes an eighth of the time at least.</summary>
    private const int MaxPausePerWork = 7;
    private const int MaxEvents = 1_000;
    private const int MaxAttemptsPerEvent = 3;

    /// <summary>A delivery may have four million bytes, and a batch is held in memory.</summary>
    private const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>Finds deliveries that another node has stored, and retries after a failure.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await ProcessPendingAsync(leases.Held(), stoppingToken)) { }

                // Nothing is pending, or other nodes hold the leases.
                load.Update(await ReadOldestUnattemptedAsync(stoppingToken));
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (LeaseLostException)
            {
                // Another node has taken a partition over and processes its deliveries; the others are processed again.
            }
            catch (Exception exception)
            {
                // The database fails, and no event is to blame: no delivery is marked, and all are processed again.
                LogWorkerFailed(exception);
                await Task.Delay(PollInterval, clock, stoppingToken);
            }

            await wakeUp.WaitAsync(PollInterval, stoppingToken);
        }
    }

    private async Task<bool> ProcessPendingAsync(IReadOnlyList<HeldLease> held, CancellationToken cancellationToken)
    {
        if (held.Count == 0) return false;
        var started = clock.GetTimestamp();
        var pending = await ReadPendingAsync(held, traffic.IsBusy ? MaxDeliveriesWhenBusy : MaxDeliveries, cancellationToken);
        load.Update(pending.Find(d => d.Attempts == 0)?.ReceivedAt);
        if (pending.Count == 0) return false;

        var parsed = pending.ConvertAll(Parse);
        var processed = 0;
        while (processed < parsed.Count)
        {
            var batch = NextBatch(parsed, processed);
            var used = held.Where(l => batch.Exists(d => d.Delivery.Partition == l.Partition)).ToList();
            if (!await TryProcessAsync(batch, used, cancellationToken))
            {
                foreach (var delivery in batch) await ProcessAloneAsync(delivery, used, cancellationToken);
            }

            processed += batch.Count;
        }

        await traffic.WaitForPeakToPassAsync(MaxPausePerWork * clock.GetElapsedTime(started), cancellationToken);
        return true;
    }

    private async Task<List<WebhookDelivery>> ReadPendingAsync(
        IReadOnlyList<HeldLease> held, int maxCount, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAllOrganizationsScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var ids = await OldestIn(db, held, maxCount).OrderBy(id => id).Take(maxCount).ToListAsync(cancellationToken);
        var pending = new List<WebhookDelivery>();
        var bytes = 0;
        await foreach (var delivery in db.WebhookDeliveries.AsNoTracking()
            .Where(d => ids.Contains(d.Id)).OrderBy(d => d.Id)
            .AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            pending.Add(delivery);
            bytes += delivery.Payload.Length;
            if (bytes >= MaxBytes) break;
        }

        return pending;
    }

    /// <summary>In one statement, which reads the beginning of the index of each partition.</summary>
    private static IQueryable<long> OldestIn(AppDbContext db, IReadOnlyList<HeldLease> held, int maxCount) => held
        .Select(lease => db.WebhookDeliveries
            .Where(d => d.State == WebhookDeliveryState.Pending && d.Partition == lease.Partition)
            .OrderBy(d => d.Id).Take(maxCount).Select(d => d.Id))
        .Aggregate((some, more) => some.Concat(more));

    private async Task<DateTimeOffset?> ReadOldestUnattemptedAsync(CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAllOrganizationsScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        return await db.WebhookDeliveries
            .Where(d => d.State == WebhookDeliveryState.Pending).OrderBy(d => d.Id).Take(MaxDeliveries)   // not all that are replayed
            .Where(d => d.Attempts == 0).Select(d => (DateTimeOffset?)d.ReceivedAt).MinAsync(cancellationToken);
    }

    private static ParsedDelivery Parse(WebhookDelivery delivery)
    {
        try
        {
            return new ParsedDelivery(delivery, WebhookPayload.Parse(delivery.Payload, delivery.ReceivedAt, delivery.Id), null);
        }
        catch (Exception exception)
        {
            // The same bytes fail in the same way at every attempt, so any exception fails the delivery instead of being retried.
            return new ParsedDelivery(delivery, null, $"The body is not the JSON that Meta documents: {exception.Message}");
        }
    }

    /// <summary>One delivery may hold a thousand events, so a batch has a maximum of events as well.</summary>
    private static List<ParsedDelivery> NextBatch(List<ParsedDelivery> parsed, int start)
    {
        var batch = new List<ParsedDelivery>();
        var events = 0;
        foreach (var delivery in parsed.Skip(start))
        {
            events += delivery.Events.Count;
            if (batch.Count > 0 && events > MaxEvents) break;
            batch.Add(delivery);
        }

        return batch;
    }

    private async Task<bool> TryProcessAsync(
        List<ParsedDelivery> batch, IReadOnlyList<HeldLease> used, CancellationToken cancellationToken)
    {
        using var activity = Tracing.StartBatch("process", "webhook_deliveries", batch, d => d.Delivery.TraceParent);
        try
        {
            await using var scope = services.CreateAllOrganizationsScope();
            var processor = scope.ServiceProvider.GetRequiredService<InboundProcessor>();
            await processor.ApplyAsync(batch, cancellationToken);
            await SaveAsync(scope.ServiceProvider, processor, used, cancellationToken);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;   // happens daily: an echo and the answer to the send change the same message at the same time
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !IsDatabaseProblem(exception))
        {
            LogBatchFailed(exception, batch.Count);
            return false;
        }
    }

    private async Task ProcessAloneAsync(
        ParsedDelivery parsed, IReadOnlyList<HeldLease> used, CancellationToken cancellationToken)
    {
        using var activity = parsed.ContinueTrace();
        var outcomes = new List<EventOutcome>();
        foreach (var inbound in parsed.Events) outcomes.Add(await ProcessAloneAsync(inbound, used, cancellationToken));

        await using var scope = services.CreateAllOrganizationsScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();

        // Read again: the batch that failed has changed the delivery in memory.
        var delivery = await db.WebhookDeliveries.SingleAsync(d => d.Id == parsed.Delivery.Id, cancellationToken);
        (parsed with { Delivery = delivery }).Finish(outcomes, clock.GetUtcNow());
        await SaveAsync(scope.ServiceProvider, scope.ServiceProvider.GetRequiredService<InboundProcessor>(), used, cancellationToken);
    }

    private async Task<EventOutcome> ProcessAloneAsync(
        InboundEvent inbound, IReadOnlyList<HeldLease> used, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var scope = services.CreateAllOrganizationsScope();
                var processor = scope.ServiceProvider.GetRequiredService<InboundProcessor>();
                var outcomes = await processor.ApplyAsync([inbound], cancellationToken);
                await SaveAsync(scope.ServiceProvider, processor, used, cancellationToken);
                return outcomes[0];
            }
            catch (DbUpdateException) when (attempt < MaxAttemptsPerEvent)
            {
                // The dispatcher changed the same row at the same time; the next attempt reads what it wrote.
            }
            catch (Exception exception) when (exception is not OperationCanceledException && !IsDatabaseProblem(exception))
            {
                LogEventFailed(exception, inbound.Kind, inbound.AccountId);
                return inbound.Complete(EventOutcome.Failed($"{inbound.Kind}: {exception.GetBaseException().Message}"));
            }
        }
    }

    /// <summary>Confirms the leases in the same transaction, so that a node that has lost one commits nothing.</summary>
    private Task SaveAsync(
        IServiceProvider scope, InboundProcessor processor, IReadOnlyList<HeldLease> used, CancellationToken cancellationToken)
    {
        var db = scope.GetRequiredService<AppDbContext>();
        db.HasWritePriority = true;
        db.EndsWithSave = true;
        return processor.SaveAsync(token => leases.ConfirmAsync(db, used, token), cancellationToken);
    }

    /// <summary>The database is locked, full, unreadable or unreachable, or another node holds the lease: no event is to blame.</summary>
    private static bool IsDatabaseProblem(Exception exception) =>
        StorageFailure.ReasonOf(exception) is not null
        || exception.GetBaseException() is IOException or TimeoutException or LeaseLostException;

    [LoggerMessage(LogLevel.Error, "Deliveries cannot be processed because the database fails; the inbound worker tries again")]
    private partial void LogWorkerFailed(Exception failure);

    [LoggerMessage(LogLevel.Warning, "A batch of {Count} deliveries failed; its events are processed again one by one")]
    private partial void LogBatchFailed(Exception failure, int count);

    [LoggerMessage(LogLevel.Error, "An event of kind {Kind} for account {AccountId} failed; its delivery is kept and can be replayed")]
    private partial void LogEventFailed(Exception failure, InboundEventKind kind, string accountId);
}
