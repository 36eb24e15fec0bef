namespace MetaMessaging.EndToEnd.Tests;

internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string WebUI { get; } = Path.Combine(Root, "src", "WebUI");

    /// <summary>The app as it was built beside the tests, in the same configuration: its copy among them is a library.</summary>
    public static string App { get; } = Path.Combine(WebUI, "bin", Configuration, Framework, "MetaMessaging.WebUI.dll");

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static string Framework => new DirectoryInfo(AppContext.BaseDirectory).Name;

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MetaMessaging.sln"))) folder = folder.Parent ?? throw new DirectoryNotFoundException("No solution above the tests.");
        return folder.FullName;
    }
}
