using MetaMessaging.Testing;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>Runs the programs in the folder Npm.</summary>
internal static class Npm
{
    private static readonly NpmFolder Folder = new("tests", "EndToEnd.Tests", "Npm");

    public static async Task<string> NodeAsync(string script, params (string Name, string Value)[] variables)
    {
        await Folder.EnsureInstalledAsync();
        return await Folder.RunAsync("node", [script], variables);
    }

    /// <param name="program">A program of an installed package, such as <c>tsc</c>.</param>
    public static async Task<string> ExecuteAsync(string program, params string[] arguments)
    {
        await Folder.EnsureInstalledAsync();
        return await Folder.RunAsync(Folder.FileOf(".bin", program), arguments);
    }
}
