namespace MetaMessaging.Application.Inbound;

/// <summary>Apps by which people at Meta's own pages write: Page Inbox has two ids in Meta's documents, Instagram's inbox a third.</summary>
internal static class MetaInboxAppIds
{
    private static readonly HashSet<string> Ids = ["26390203743090", "263902037430900", "1217981644879628"];

    public static bool Include(string appId) => Ids.Contains(appId);
}
