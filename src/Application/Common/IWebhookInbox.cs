namespace MetaMessaging.Application.Common;

/// <summary>Stores webhook deliveries until they are processed.</summary>
public interface IWebhookInbox
{
    /// <summary>When the task completes, the delivery is on disk.</summary>
    Task StoreAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken);

    /// <summary>Wakes the inbound worker for deliveries that were not just stored here, such as replayed ones.</summary>
    void Wake();
}
