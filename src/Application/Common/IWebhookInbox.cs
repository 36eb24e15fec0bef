namespace MetaMessaging.Application.Common;

/// <summary>The durable inbox. When the task completes, the delivery is on disk.</summary>
public interface IWebhookInbox
{
    /// <exception cref="UnavailableException">It could not be stored; nothing is pretended.</exception>
    Task StoreAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken);

    /// <summary>There is something to work on that the inbox did not see arrive, such as a replay.</summary>
    void Wake();
}
