namespace MetaMessaging.EndToEnd.Tests;

internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string WebUI { get; } = Path.Combine(Root, "src", "WebUI");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MetaMessaging.sln"))) folder = folder.Parent ?? throw new DirectoryNotFoundException("No solution above the tests.");
        return folder.FullName;
    }
}
