namespace MetaMessaging.Application.Common;

/// <summary>What the dialog asks for (platform reference, OAuth → Permissions).</summary>
public static class MetaPermissions
{
    /// <summary>Without one of these nothing works. Without the Instagram ones, Messenger still does.</summary>
    public static readonly IReadOnlyList<string> Needed = ["pages_show_list", "pages_messaging", "pages_manage_metadata"];

    public static readonly IReadOnlyList<string> All =
        [.. Needed, "pages_read_engagement", "instagram_basic", "instagram_manage_messages", "business_management"];
}
