using MetaMessaging.Application.Outbound;

namespace MetaMessaging.Infrastructure.Outbound;

/// <summary>Sends each conversation's messages in order, 64 conversations at a time. The message rows are the queue.</summary>
internal sealed partial class Dispatcher(IServiceProvider services, ILoadShedding load, TimeProvider clock, ILogger<Dispatcher> logger)
    : BackgroundService, IDispatcher
{
    private const int MaxConcurrentConversations = 64;

    private static readonly TimeSpan LoadCheckInterval = TimeSpan.FromSeconds(1);

    private readonly ConversationWakeUps wakeUps = new();

    public void Wake(long conversationId) => wakeUps.Set(conversationId);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, MaxConcurrentConversations).Select(_ => WorkAsync(stoppingToken)));

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var conversationId in wakeUps.ReadAllAsync(stoppingToken))
            {
                while (load.Level >= LoadLevel.NoSends) await Task.Delay(LoadCheckInterval, clock, stoppingToken);
                await DeliverAsync(conversationId, stoppingToken);
                wakeUps.Complete(conversationId);
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
            await using var scope = services.CreateAllOrganizationsScope();
            await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new DeliverMessages(conversationId), stoppingToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            wakeUps.Set(conversationId);   // an echo or another node changed the message first: read it again
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogDeliveryFailed(exception, conversationId);   // recovery finds the message again
        }
    }

    [LoggerMessage(LogLevel.Error, "Delivering the messages of conversation {ConversationId} failed")]
    private partial void LogDeliveryFailed(Exception failure, long conversationId);
}
