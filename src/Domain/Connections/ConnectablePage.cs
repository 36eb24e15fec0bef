namespace MetaMessaging.Domain.Connections;

/// <summary>A Page to which a person granted access in Meta's dialog. Without a token it is shown, but cannot be connected.</summary>
public sealed record ConnectablePage(
    string PageId, string PageName, string? PageAccessToken, string? InstagramAccountId, string? InstagramUsername);
