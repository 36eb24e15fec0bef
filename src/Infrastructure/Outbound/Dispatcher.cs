using System.Collections.Concurrent;
using System.Threading.Channels;
using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Outbound;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MetaMessaging.Infrastructure.Outbound;

/// <summary>Sends each conversation's messages in order and different conversations side by side. Holds nothing but ids: the rows are the queue.</summary>
internal sealed partial class Dispatcher(IServiceProvider services, ILoadShedding load, TimeProvider clock, ILogger<Dispatcher> logger) : BackgroundService, IDispatcher
{
    private const int SideBySide = 64;

    /// <summary>How often to look whether the pump has caught up.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly Channel<long> due = Channel.CreateUnbounded<long>();

    /// <summary>Conversations that are waiting or in somebody's hands; true when they were woken again meanwhile.</summary>
    private readonly ConcurrentDictionary<long, bool> known = new();

    public void Wake(long conversationId)
    {
        if (known.TryAdd(conversationId, false)) due.Writer.TryWrite(conversationId);
        else if (!known.TryUpdate(conversationId, true, false) && known.TryAdd(conversationId, false)) due.Writer.TryWrite(conversationId);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, SideBySide).Select(_ => WorkAsync(stoppingToken)));

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var conversationId in due.Reader.ReadAllAsync(stoppingToken))
            {
                while (load.Level >= LoadLevel.NoSends) await Task.Delay(Look, clock, stoppingToken);
                await DeliverAsync(conversationId, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Messages that are not sent yet stay queued, for the next start or another node.
        }
    }

    private async Task DeliverAsync(long conversationId, CancellationToken stoppingToken)
    {
        try
        {
            await using var work = services.CreateSystemScope();
            await work.ServiceProvider.GetRequiredService<IMediator>().Send(new DeliverMessages(conversationId), stoppingToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            known[conversationId] = true;   // an echo or another node was faster: look again
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogDeliveryFailed(exception, conversationId);   // upkeep finds the row again
        }

        if (known.TryRemove(new KeyValuePair<long, bool>(conversationId, false))) return;
        known[conversationId] = false;
        due.Writer.TryWrite(conversationId);
    }

    [LoggerMessage(LogLevel.Error, "Delivering the messages of conversation {ConversationId} failed")]
    private partial void LogDeliveryFailed(Exception failure, long conversationId);
}
