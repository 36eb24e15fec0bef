namespace MetaMessaging.Application.Inbound;

/// <summary>The app ids of Meta's own inboxes. Meta documents two ids for the Page inbox and one for Instagram's.</summary>
internal static class MetaInboxAppIds
{
    private static readonly HashSet<string> Ids = ["26390203743090", "263902037430900", "1217981644879628"];

    public static bool Contains(string appId) => Ids.Contains(appId);
}
