namespace MetaMessaging.Application.Inbound;

internal sealed class RecoverDeliveries(IWebhookInbox inbox) : IRecovery
{
    /// <summary>The webhook worker looks for pending deliveries itself once it is woken.</summary>
    public Task RecoverAsync(DateTimeOffset now, DateTimeOffset horizon, CancellationToken cancellationToken)
    {
        inbox.Wake();
        return Task.CompletedTask;
    }
}
