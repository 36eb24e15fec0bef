namespace MetaMessaging.Domain.Connections;

/// <summary>A Page that the person in Meta's dialog offered us. Without a token it can be shown, but not connected.</summary>
public sealed record ConnectablePage(
    string PageId,
    string PageName,
    string? PageAccessToken,
    string? InstagramAccountId,
    string? InstagramUsername);
