namespace MetaMessaging.Domain.Organizations;

/// <summary>What a key may be used for. Users have the scopes of their roles.</summary>
public static class ApiKeyScopes
{
    public const string SendMessages = "messages:send";
    public const string ReadConversations = "conversations:read";
    public const string WriteConversations = "conversations:write";
    public const string ReadContacts = "contacts:read";
    public const string WriteContacts = "contacts:write";
    public const string Ops = "ops";

    public static IReadOnlyList<string> OfAgents { get; } =
        [SendMessages, ReadConversations, WriteConversations, ReadContacts, WriteContacts];

    public static IReadOnlyList<string> All { get; } = [.. OfAgents, Ops];
}
