using MetaMessaging.Application.Connections;

namespace MetaMessaging.WebUI.BackOffice;

internal static class PageObstacleLabels
{
    public static string For(PageObstacle obstacle) => obstacle switch
    {
        PageObstacle.OwnedByOtherOrganization =>
            "Connected to another organization of this installation. It has to be disconnected there first.",
        PageObstacle.NoMessagingTask =>
            "Your role on this Page does not include its messages. Somebody with full control of the Page can change that.",
        _ => "Facebook gave no access to this Page. Ask for a role that may manage its messages, then go through the dialog again.",
    };
}
