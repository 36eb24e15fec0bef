namespace MetaMessaging.Domain.Connections;

/// <summary>A Page to which a person granted access in Meta's dialog. Without a token it is shown, but cannot be connected.</summary>
/// <param name="MayMessage">False when the person lacks the task MESSAGING on the Page.</param>
public sealed record ConnectablePage(
    string PageId, string PageName, string? PageAccessToken, string? InstagramAccountId, string? InstagramUsername, bool MayMessage = true)
{
    public string PageName { get; } = PlainName.Clean(PageName) ?? PageId;

    public string? InstagramUsername { get; } = PlainName.Clean(InstagramUsername);
}
