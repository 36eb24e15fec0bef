namespace MetaMessaging.MetaSimulator.OAuth;

/// <summary>The permissions that matter here (platform reference, OAuth → Permissions).</summary>
internal static class Permissions
{
    public const string PagesShowList = "pages_show_list";
    public const string PagesMessaging = "pages_messaging";
    public const string PagesManageMetadata = "pages_manage_metadata";
    public const string PagesReadEngagement = "pages_read_engagement";
    public const string InstagramBasic = "instagram_basic";
    public const string InstagramManageMessages = "instagram_manage_messages";
    public const string BusinessManagement = "business_management";

    /// <summary>Comes with every login, asked for or not.</summary>
    public const string PublicProfile = "public_profile";

    public static IReadOnlyList<string> All { get; } =
    [
        PagesShowList, PagesMessaging, PagesManageMetadata, PagesReadEngagement, InstagramBasic, InstagramManageMessages,
        "instagram_manage_comments", BusinessManagement, "pages_user_locale", "pages_user_timezone", "pages_user_gender",
        "pages_utility_messaging", PublicProfile, "email",
    ];

    /// <summary>What a permission's <c>granular_scopes</c> list: Pages, Instagram accounts, or nothing.</summary>
    public static bool IsAboutPages(string permission) => permission.StartsWith("pages_", StringComparison.Ordinal);

    public static bool IsAboutInstagram(string permission) => permission.StartsWith("instagram_", StringComparison.Ordinal);

    public static string Describe(string permission) => permission switch
    {
        PagesShowList => "Show a list of the Pages you manage",
        PagesMessaging => "Manage and access Page conversations in Messenger",
        PagesManageMetadata => "Manage accounts, settings and webhooks for a Page",
        PagesReadEngagement => "Read content posted on the Page",
        InstagramBasic => "Access profile and posts from the Instagram account connected to your Page",
        InstagramManageMessages => "Manage and access Instagram account messages",
        BusinessManagement => "Manage your business",
        _ => permission.Replace('_', ' '),
    };
}
