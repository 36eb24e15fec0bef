namespace MetaMessaging.WebUI.BackOffice;

internal static class WindowLabels
{
    /// <summary>The value that the style sheet colours the dot by.</summary>
    public static string Dot(WindowState state) => state switch
    {
        WindowState.Open => "open",
        WindowState.HumanAgent => "human",
        _ => "closed",
    };

    public static string Title(WindowState state) => state switch
    {
        WindowState.Open => "You can reply",
        WindowState.HumanAgent => "The 24 hours are over; you may still help as a person",
        _ => "The reply window is closed",
    };
}
