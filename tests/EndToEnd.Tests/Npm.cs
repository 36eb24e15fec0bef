using System.Diagnostics;
using MetaMessaging.Testing;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>Runs the programs in the folder Npm; the first run installs its packages.</summary>
internal static class Npm
{
    private static readonly string Folder = Repository.PathOf("tests", "EndToEnd.Tests", "Npm");
    private static readonly Lazy<Task> Installed = new(InstallAsync);

    public static Task<string> NodeAsync(string script, params (string Name, string Value)[] variables) =>
        RunInstalledAsync("node", [script], variables);

    /// <param name="program">A program of an installed package, such as <c>tsc</c>.</param>
    public static Task<string> ExecuteAsync(string program, params string[] arguments) =>
        RunInstalledAsync(Path.Combine(Folder, "node_modules", ".bin", program), arguments, []);

    private static async Task<string> RunInstalledAsync(string program, string[] arguments, (string Name, string Value)[] variables)
    {
        await Installed.Value;
        return await RunAsync(program, arguments, variables);
    }

    /// <summary>npm writes its own copy of the lock file into node_modules, so a newer lock file means that something changed.</summary>
    private static async Task InstallAsync()
    {
        var written = new FileInfo(Path.Combine(Folder, "node_modules", ".package-lock.json"));
        if (written.Exists && written.LastWriteTimeUtc >= File.GetLastWriteTimeUtc(Path.Combine(Folder, "package-lock.json"))) return;

        await RunAsync("npm", ["ci"], []);
    }

    /// <returns>What the program printed.</returns>
    private static async Task<string> RunAsync(string program, string[] arguments, (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables) start.Environment[name] = value;

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{Path.GetFileName(program)} {string.Join(' ', arguments)}\n{await output}\n{await errors}");
        return await output;
    }
}
