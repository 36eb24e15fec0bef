namespace MetaMessaging.Application.Common;

/// <summary>The customer a call to Meta is about, and the Page it is made for.</summary>
/// <param name="ScopedUserId">PSID on Messenger, IGSID on Instagram.</param>
public sealed record Recipient(Channel Channel, string PageId, string PageAccessToken, string? IgAccountId, string ScopedUserId)
{
    public string AccountId => Channel is Channel.InstagramDm && IgAccountId is { } account ? account : PageId;

    public static Recipient Of(PageConnection connection, Channel channel, string scopedUserId)
    {
        connection.EnsureCanCallMeta(channel);
        return new Recipient(channel, connection.PageId, connection.PageAccessToken!, connection.IgAccountId, scopedUserId);
    }
}
