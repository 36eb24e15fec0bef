namespace MetaMessaging.WebUI.BackOffice;

internal static class ChannelLabels
{
    public static string Name(Channel channel) => channel is Channel.FacebookMessenger ? "Messenger" : "Instagram";

    public static string Icon(Channel channel) => channel is Channel.FacebookMessenger ? "brand-messenger" : "brand-instagram";
}
