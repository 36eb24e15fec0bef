using StackExchange.Redis;

namespace MetaMessaging.Infrastructure.Nodes;

/// <summary>Through Redis, where it is configured, wakes the readers of the other nodes as soon as a message is stored. No message passes
/// through Redis: while it cannot be reached, the readers find the messages by polling.</summary>
internal sealed partial class NodeWakeUps(RedisOptions redis, NodeRegistry nodes, TimeProvider clock, ILogger<NodeWakeUps> logger)
    : BackgroundService
{
    private static readonly RedisChannel Channel = RedisChannel.Literal("metamessaging:node-messages");
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly WakeUpSignal signal = new();
    private volatile ISubscriber? subscriber;
    private int isAway;

    /// <returns>Whether another node has woken this one.</returns>
    public Task<bool> WaitAsync(TimeSpan maxWait, CancellationToken cancellationToken) => signal.WaitAsync(maxWait, cancellationToken);

    public void WakeOthers() => subscriber?.Publish(Channel, nodes.Id, CommandFlags.FireAndForget);

    public override void Dispose()
    {
        signal.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (redis.Configuration is not { } configuration) return;
        await using var connection = await ConnectionMultiplexer.ConnectAsync(configuration);   // also when it cannot be reached
        connection.ConnectionFailed += (_, failure) => RecordAway(failure.Exception);
        connection.ConnectionRestored += (_, _) => RecordBack();
        if (!connection.IsConnected) RecordAway(null);
        try
        {
            await SubscribeAsync(connection.GetSubscriber(), stoppingToken);
            await Task.Delay(Timeout.Infinite, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            subscriber = null;
        }
    }

    private async Task SubscribeAsync(ISubscriber channels, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await channels.SubscribeAsync(Channel, (_, sender) =>
                {
                    if (sender != nodes.Id) signal.Set();
                });
                subscriber = channels;   // from now on the client subscribes again by itself after each outage
                RecordBack();
                return;
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                RecordAway(exception);
                await Task.Delay(RetryDelay, clock, cancellationToken);
            }
        }
    }

    private void RecordAway(Exception? exception)
    {
        if (Interlocked.Exchange(ref isAway, 1) == 0) LogAway(exception);
    }

    private void RecordBack()
    {
        if (Interlocked.Exchange(ref isAway, 0) == 0) return;
        LogBack();
        signal.Set();
    }

    [LoggerMessage(LogLevel.Warning, "Redis cannot be reached; until it can, updates reach the other nodes within a second")]
    private partial void LogAway(Exception? exception);

    [LoggerMessage(LogLevel.Information, "Redis can be reached again")]
    private partial void LogBack();
}
