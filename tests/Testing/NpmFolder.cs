using System.Diagnostics;

namespace MetaMessaging.Testing;

/// <summary>A folder with a package.json; the first use installs its packages.</summary>
public sealed class NpmFolder
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(5);

    private readonly Lazy<Task> installed;

    /// <param name="path">Within the repository.</param>
    public NpmFolder(params string[] path)
    {
        Path = Repository.PathOf(path);
        installed = new Lazy<Task>(InstallAsync);
    }

    /// <summary>Of the packages that several test projects use.</summary>
    public static NpmFolder Shared { get; } = new("tests", "Testing", "Npm");

    public string Path { get; }

    /// <param name="package">A file of an installed package, below node_modules.</param>
    public string FileOf(params string[] package) => System.IO.Path.Combine([Path, "node_modules", .. package]);

    public Task EnsureInstalledAsync() => installed.Value;

    /// <returns>What the program printed.</returns>
    public async Task<string> RunAsync(string program, string[] arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables) start.Environment[name] = value;

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(
            process.ExitCode == 0, $"{System.IO.Path.GetFileName(program)} {string.Join(' ', arguments)}\n{await output}\n{await errors}");
        return await output;
    }

    /// <summary>npm writes its own copy of the lock file into node_modules, so a newer lock file means that something changed.</summary>
    private async Task InstallAsync()
    {
        await using var held = await LockAsync();
        var written = new FileInfo(FileOf(".package-lock.json"));
        var lockFile = System.IO.Path.Combine(Path, "package-lock.json");
        if (written.Exists && written.LastWriteTimeUtc >= File.GetLastWriteTimeUtc(lockFile)) return;

        await RunAsync("npm", ["ci"]);
    }

    /// <summary>Test projects run at the same time.</summary>
    private async Task<FileStream> LockAsync()
    {
        FileStream? held = null;
        var file = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"{Path.Replace(System.IO.Path.DirectorySeparatorChar, '-')}.lock");
        await Until.True(
            () =>
            {
                try
                {
                    held = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                }
                catch (IOException)
                {
                    // Another process installs.
                }

                return Task.FromResult(held is not null);
            },
            InstallLimit, () => $"Another process has held {file} for too long.");
        return held!;
    }
}
