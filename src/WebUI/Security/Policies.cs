namespace MetaMessaging.WebUI.Security;

/// <summary>The roles of an organization as policies. A system administrator passes all of them.</summary>
internal static class Policies
{
    public const string Admin = "admin";
    public const string Agent = "agent";
    public const string Ops = "ops";
    public const string SystemAdmin = "systemAdmin";

    /// <summary>Signed in, whatever the role.</summary>
    public const string Member = "member";
}
