namespace MetaMessaging.Application.Connections;

/// <summary>Removes a Page's subscription at Meta, as far as Meta lets us: here the Page is disconnected either way.</summary>
internal sealed partial class PageSubscription(IMetaPages metaPages, ILogger<PageSubscription> logger) : IScopedService
{
    public async Task TryRemoveAsync(string pageId, string token)
    {
        try
        {
            await metaPages.UnsubscribePageAsync(pageId, token, CancellationToken.None);
        }
        catch (GraphException exception)
        {
            LogNotUnsubscribed(pageId, exception.Refusal.Title);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Page {PageId} is disconnected here, but Meta did not remove the subscription: {Reason}")]
    private partial void LogNotUnsubscribed(string pageId, string reason);
}
