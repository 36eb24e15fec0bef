using System.Data.Common;
using MediatR;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Infrastructure.Persistence;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MetaMessaging.Infrastructure.Inbound;

/// <summary>
/// Works deliveries off in the order they were stored, a few hundred at a time: every event through its slice, one commit. When
/// a batch fails it is run again event by event, so that the bad event alone is marked failed. Of several nodes one does this.
/// </summary>
internal sealed partial class InboundWorker(
    IServiceProvider services, InboundSignal signal, InboundLoadShedding load, Leases leases, TimeProvider clock, ILogger<InboundWorker> logger)
    : BackgroundService
{
    private const string LeaseName = "inbound-pump";
    private const int MaxDeliveries = 1_000;
    private const int MaxDeliveriesWhenBusy = 400;
    private const int MaxEvents = 1_000;

    /// <summary>One delivery may be as large as four million bytes, and what is read is held in memory.</summary>
    private const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>How often to look without being woken: another node's deliveries, a retry after trouble.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await leases.HoldAsync(LeaseName, stoppingToken) && await PumpAsync(stoppingToken)) { }
                load.Note(await OldestPendingAsync(stoppingToken));   // none; or another node is at work
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (LeaseLostException)
            {
                // Another node works; this one may be needed again.
            }
            catch (Exception exception)
            {
                // The database is in trouble, not an event: nothing is marked, all of it is tried again.
                LogPumpFailed(exception);
                await Task.Delay(Idle, clock, stoppingToken);
            }

            await signal.WaitAsync(Idle, stoppingToken);
        }
    }

    /// <returns>False when nothing was left to do.</returns>
    private async Task<bool> PumpAsync(CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        var pending = await ReadPendingAsync(signal.IsBusy ? MaxDeliveriesWhenBusy : MaxDeliveries, cancellationToken);
        load.Note(pending.Find(d => d.Attempts == 0)?.ReceivedAt);
        if (pending.Count == 0) return false;

        var parsed = pending.ConvertAll(Parse);
        var at = 0;
        while (at < parsed.Count)
        {
            var batch = NextBatch(parsed, at);
            if (!await TryProcessAsync(batch, cancellationToken))
            {
                foreach (var delivery in batch) await ProcessAloneAsync(delivery, cancellationToken);
            }

            at += batch.Count;
        }

        await signal.GiveWayAsync(7 * clock.GetElapsedTime(began), cancellationToken);
        return true;
    }

    private async Task<List<WebhookDelivery>> ReadPendingAsync(int atMost, CancellationToken cancellationToken)
    {
        await using var work = services.CreateSystemScope();
        var db = work.ServiceProvider.GetRequiredService<AppDbContext>();
        var pending = new List<WebhookDelivery>();
        var bytes = 0;
        await foreach (var delivery in db.WebhookDeliveries.AsNoTracking()
            .Where(d => d.State == WebhookDeliveryState.Pending)
            .OrderBy(d => d.Id).Take(atMost)
            .AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            pending.Add(delivery);
            bytes += delivery.Payload.Length;
            if (bytes >= MaxBytes) break;
        }

        return pending;
    }

    private async Task<DateTimeOffset?> OldestPendingAsync(CancellationToken cancellationToken)
    {
        await using var work = services.CreateSystemScope();
        var db = work.ServiceProvider.GetRequiredService<AppDbContext>();
        return await db.WebhookDeliveries
            .Where(d => d.State == WebhookDeliveryState.Pending && d.Attempts == 0)
            .OrderBy(d => d.Id).Select(d => (DateTimeOffset?)d.ReceivedAt).FirstOrDefaultAsync(cancellationToken);
    }

    private static Parsed Parse(WebhookDelivery delivery)
    {
        try
        {
            return new Parsed(delivery, WebhookPayload.Parse(delivery.Payload, delivery.ReceivedAt, delivery.Id), null);
        }
        catch (Exception exception)
        {
            // Whatever it is: reading bytes again gives the same, so that nobody must try for ever.
            return new Parsed(delivery, null, $"The body is not the JSON that Meta documents: {exception.Message}");
        }
    }

    /// <summary>One delivery may hold a thousand events; a batch is bounded by both.</summary>
    private static List<Parsed> NextBatch(List<Parsed> parsed, int at)
    {
        var batch = new List<Parsed>();
        var events = 0;
        foreach (var delivery in parsed.Skip(at))
        {
            events += delivery.Payload?.Events.Count ?? 0;
            if (batch.Count > 0 && events > MaxEvents) break;
            batch.Add(delivery);
        }

        return batch;
    }

    private async Task<bool> TryProcessAsync(List<Parsed> batch, CancellationToken cancellationToken)
    {
        try
        {
            await using var work = services.CreateSystemScope();
            var unit = new UnitOfWork(work.ServiceProvider, leases);
            await unit.LoadAsync([.. batch.SelectMany(d => d.Payload?.Events ?? [])], cancellationToken);
            foreach (var (delivery, payload, error) in batch)
            {
                var outcomes = new List<EventOutcome>();
                foreach (var inbound in payload?.Events ?? []) outcomes.Add(await unit.ProcessAsync(inbound, cancellationToken));
                unit.Attach(delivery);
                UnitOfWork.Finish(delivery, payload, outcomes, error, clock.GetUtcNow());
            }

            await unit.CommitAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;   // an everyday thing: an echo and the answer to the send meet on one message
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !IsTrouble(exception))
        {
            LogBatchFailed(exception, batch.Count);
            return false;
        }
    }

    private async Task ProcessAloneAsync(Parsed parsed, CancellationToken cancellationToken)
    {
        var outcomes = new List<EventOutcome>();
        foreach (var inbound in parsed.Payload?.Events ?? []) outcomes.Add(await ProcessAloneAsync(inbound, cancellationToken));

        await using var work = services.CreateSystemScope();
        var unit = new UnitOfWork(work.ServiceProvider, leases);
        var delivery = await unit.ReadAgainAsync(parsed.Delivery, cancellationToken);
        UnitOfWork.Finish(delivery, parsed.Payload, outcomes, parsed.Error, clock.GetUtcNow());
        await unit.CommitAsync(cancellationToken);
    }

    private async Task<EventOutcome> ProcessAloneAsync(InboundEvent inbound, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var work = services.CreateSystemScope();
                var unit = new UnitOfWork(work.ServiceProvider, leases);
                await unit.LoadAsync([inbound], cancellationToken);
                var outcome = await unit.ProcessAsync(inbound, cancellationToken);
                await unit.CommitAsync(cancellationToken);
                return outcome;
            }
            catch (DbUpdateException) when (attempt < 3)
            {
                // The dispatcher met us on the same row; what it wrote is there now.
            }
            catch (Exception exception) when (exception is not OperationCanceledException && !IsTrouble(exception))
            {
                LogEventFailed(exception, inbound.Kind, inbound.AccountId);
                return inbound.Ended(EventOutcome.Failed($"{inbound.Kind}: {exception.GetBaseException().Message}"));
            }
        }
    }

    /// <summary>Locked, full, unreadable, unreachable, another node's: the database's state, not the event's content.</summary>
    private static bool IsTrouble(Exception failure) => failure.GetBaseException() switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode is 5 or 6 or 8 or 10 or 13 or 14,
        DbException db => db.IsTransient || db is Microsoft.Data.SqlClient.SqlException { Class: >= 17 },
        IOException or TimeoutException or LeaseLostException => true,
        _ => false,
    };

    [LoggerMessage(LogLevel.Error, "The inbound pump cannot work; it tries again")]
    private partial void LogPumpFailed(Exception failure);

    [LoggerMessage(LogLevel.Warning, "A batch of {Count} deliveries failed; it is run again event by event")]
    private partial void LogBatchFailed(Exception failure, int count);

    [LoggerMessage(LogLevel.Error, "An event of kind {Kind} for account {AccountId} failed; it is kept and can be replayed")]
    private partial void LogEventFailed(Exception failure, InboundEventKind kind, string accountId);

    private sealed record Parsed(WebhookDelivery Delivery, WebhookPayload? Payload, string? Error);

    /// <summary>One scope: its lookups, its slices, its commit.</summary>
    private sealed class UnitOfWork(IServiceProvider services, Leases leases)
    {
        private readonly AppDbContext db = services.GetRequiredService<AppDbContext>();
        private readonly InboundBatch batch = services.GetRequiredService<InboundBatch>();
        private readonly IMediator mediator = services.GetRequiredService<IMediator>();

        public Task LoadAsync(IReadOnlyCollection<InboundEvent> events, CancellationToken cancellationToken) => batch.LoadAsync(events, cancellationToken);

        public Task<EventOutcome> ProcessAsync(InboundEvent inbound, CancellationToken cancellationToken) =>
            mediator.Send(new ProcessInboundEvent(inbound), cancellationToken);

        /// <summary>It names no other rows, which attaching it would look for.</summary>
        public void Attach(WebhookDelivery delivery) => db.Entry(delivery).State = EntityState.Unchanged;

        /// <summary>The failed batch has changed its copy; what the row says is the truth.</summary>
        public Task<WebhookDelivery> ReadAgainAsync(WebhookDelivery delivery, CancellationToken cancellationToken) =>
            db.WebhookDeliveries.SingleAsync(d => d.Id == delivery.Id, cancellationToken);

        public static void Finish(WebhookDelivery delivery, WebhookPayload? payload, List<EventOutcome> outcomes, string? error, DateTimeOffset now)
        {
            if (error is not null) delivery.FailToParse(error, now);
            else delivery.Finish(payload!.Object, outcomes, now);
        }

        public Task CommitAsync(CancellationToken cancellationToken)
        {
            db.HasWritePriority = true;
            return db.SaveChangesAsync(CompleteAsync, cancellationToken);
        }

        private async Task CompleteAsync(CancellationToken cancellationToken)
        {
            await batch.AfterSaveAsync(cancellationToken);
            await leases.ConfirmAsync(LeaseName, db, cancellationToken);
        }
    }
}
