namespace MetaMessaging.WebUI.BackOffice;

internal static class ApiKeyLabels
{
    public static IReadOnlyList<(string Name, string Text)> Scopes { get; } =
    [
        (ApiKeyScopes.SendMessages, "Send messages"),
        (ApiKeyScopes.ReadConversations, "Read conversations, messages and the dashboard"),
        (ApiKeyScopes.WriteConversations, "Assign, snooze, close, mark as read"),
        (ApiKeyScopes.ReadContacts, "Read contacts"),
        (ApiKeyScopes.WriteContacts, "Rename, merge and erase contacts"),
        (ApiKeyScopes.Ops, "Look after webhook deliveries"),
    ];
}
