namespace MetaMessaging.WebUI.Security;

/// <summary>
/// The authorization policies of routes. A user has the scopes that belong to the user's roles in the organization, an API key has its own
/// scopes, and a system administrator passes every policy.
/// </summary>
internal static class Policies
{
    public const string Admin = "admin";
    public const string Agent = "agent";
    public const string SystemAdmin = "systemAdmin";

    /// <summary>Any signed-in user, whatever the role.</summary>
    public const string Member = "member";

    /// <summary>Who sees the organization's members: a user with any role in it, or a key that reads conversations.</summary>
    public const string Members = "members";

    /// <summary>Hangfire's dashboard.</summary>
    public const string Jobs = "jobs";

    public const string Ops = ApiKeyScopes.Ops;
    public const string SendMessages = ApiKeyScopes.SendMessages;
    public const string ReadConversations = ApiKeyScopes.ReadConversations;
    public const string WriteConversations = ApiKeyScopes.WriteConversations;
    public const string ReadContacts = ApiKeyScopes.ReadContacts;
    public const string WriteContacts = ApiKeyScopes.WriteContacts;

    public static IReadOnlyList<string> All { get; } = [Admin, Agent, SystemAdmin, Member, Jobs, .. ApiKeyScopes.All];
}
