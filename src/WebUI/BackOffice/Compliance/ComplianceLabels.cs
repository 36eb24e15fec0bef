namespace MetaMessaging.WebUI.BackOffice;

internal static class ComplianceLabels
{
    /// <summary>The answer to "How will your app use this permission?" of App Review.</summary>
    public static string UseOf(string permission) => permission switch
    {
        "pages_show_list" => "Lists the Pages of the person who connects, so that they choose the ones to connect.",
        "pages_messaging" => "Receives and answers the Messenger messages that customers send to a connected Page.",
        "pages_manage_metadata" => "Subscribes a connected Page to the webhook, and ends that when it is disconnected.",
        "pages_read_engagement" => "Reads the name of a connected Page, and of the customers who write to it.",
        "instagram_basic" => "Reads the id and user name of the Instagram account that belongs to a connected Page.",
        "instagram_manage_messages" => "Receives and answers the direct messages that customers send to a connected Instagram account.",
        "business_management" => "Finds the Pages that a business portfolio owns, which pages_show_list leaves out.",
        _ => "",
    };
}
