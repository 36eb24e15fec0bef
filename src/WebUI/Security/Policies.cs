using MetaMessaging.Domain.Organizations;

namespace MetaMessaging.WebUI.Security;

/// <summary>
/// What a route asks for. A person's roles in the organization bring the scopes along, a key has just its scopes, and a system
/// administrator passes all of them.
/// </summary>
internal static class Policies
{
    public const string Admin = "admin";
    public const string Agent = "agent";
    public const string SystemAdmin = "systemAdmin";

    /// <summary>A person who is signed in, whatever the role.</summary>
    public const string Member = "member";

    public const string Ops = ApiKeyScopes.Ops;
    public const string SendMessages = ApiKeyScopes.SendMessages;
    public const string ReadConversations = ApiKeyScopes.ReadConversations;
    public const string WriteConversations = ApiKeyScopes.WriteConversations;
    public const string ReadContacts = ApiKeyScopes.ReadContacts;
    public const string WriteContacts = ApiKeyScopes.WriteContacts;

    public static IReadOnlyList<string> All { get; } = [Admin, Agent, SystemAdmin, Member, .. ApiKeyScopes.All];
}
