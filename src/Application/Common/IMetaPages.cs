namespace MetaMessaging.Application.Common;

/// <summary>Pages and their webhook subscriptions. Calls throw <see cref="GraphException"/> when Meta refuses or does not answer.</summary>
public interface IMetaPages
{
    /// <summary>
    /// All Pages the token can see. Those of a business portfolio, which Meta's list leaves out, are among them (platform reference,
    /// OAuth → Pages of a business portfolio).
    /// </summary>
    Task<IReadOnlyList<ConnectablePage>> ListPagesAsync(string userAccessToken, CancellationToken cancellationToken);

    /// <summary>Subscribes the app to every Page field we handle and reads the subscription back.</summary>
    /// <returns>Why events will not arrive, as a sentence for people; null when they will.</returns>
    Task<string?> SubscribePageAsync(string pageId, string pageAccessToken, CancellationToken cancellationToken);

    /// <summary>Checks the app's webhook address and fields at Meta (platform reference, OAuth → App-level subscription).</summary>
    /// <returns>Why events will not arrive, as a sentence for people; null when they will.</returns>
    Task<string?> CheckAppSubscriptionsAsync(Uri webhookUrl, bool withInstagram, CancellationToken cancellationToken);

    Task UnsubscribePageAsync(string pageId, string pageAccessToken, CancellationToken cancellationToken);
}
