namespace MetaMessaging.WebUI.BackOffice;

internal static class PlaceholderLabels
{
    public static string Name(string placeholder) => placeholder switch
    {
        "contact.name" => "Customer's name",
        "contact.firstName" => "Customer's first name",
        "agent.name" => "Agent's name",
        "page.name" => "Page's name",
        _ => placeholder,
    };
}
