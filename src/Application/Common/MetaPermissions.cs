namespace MetaMessaging.Application.Common;

/// <summary>The permissions the login dialog asks for (platform reference, OAuth → Permissions).</summary>
public static class MetaPermissions
{
    /// <summary>A Page cannot be connected without these. Without the Instagram ones, Messenger works.</summary>
    public static readonly IReadOnlyList<string> Required = ["pages_show_list", "pages_messaging", "pages_manage_metadata"];

    public static readonly IReadOnlyList<string> All =
        [.. Required, "pages_read_engagement", "instagram_basic", "instagram_manage_messages", "business_management"];
}
