namespace MetaMessaging.Application.Common;

/// <summary>
/// Pages and their webhook subscriptions at Meta. Calls throw <see cref="GraphException"/> when Meta refuses or does not answer.
/// </summary>
public interface IMetaPages
{
    /// <summary>
    /// Lists all Pages the token can see, each with its token and Instagram account (platform reference, OAuth → Pages and Page tokens).
    /// When Meta's list is empty, the Pages named in the token's granular scopes are read instead.
    /// </summary>
    Task<IReadOnlyList<ConnectablePage>> ListPagesAsync(string userAccessToken, CancellationToken cancellationToken);

    /// <summary>
    /// Subscribes the app to every Page field we handle and reads the subscription back (platform reference, OAuth → subscribed_apps).
    /// </summary>
    /// <returns>Why events will not arrive, as a sentence for people; null when they will.</returns>
    Task<string?> SubscribePageAsync(string pageId, string pageAccessToken, CancellationToken cancellationToken);

    /// <summary>Checks the app's webhook address and fields at Meta (platform reference, OAuth → App-level subscription).</summary>
    /// <returns>Why events will not arrive, as a sentence for people; null when they will, or when Meta does not show the
    /// subscription.</returns>
    Task<string?> CheckAppSubscriptionsAsync(Uri webhookUrl, bool withInstagram, CancellationToken cancellationToken);

    /// <summary>Removes the app's subscription of the Page (platform reference, OAuth → Disconnecting).</summary>
    Task UnsubscribePageAsync(string pageId, string pageAccessToken, CancellationToken cancellationToken);
}
