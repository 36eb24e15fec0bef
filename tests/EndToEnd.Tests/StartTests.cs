using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>What a start makes of settings that cannot work, and of files that others could read.</summary>
public sealed class StartTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("metamessaging-start-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("PublicBaseUrl", "not an address")]
    [InlineData("PublicBaseUrl", "https://messages.example.com/?page=1")]
    [InlineData("Meta:GraphBaseUrl", "graph")]
    [InlineData("Meta:DialogBaseUrl", "ftp://www.facebook.com")]
    [InlineData("Meta:SendTimeout", "soon")]
    [InlineData("Webhooks:MaxBodyBytes", "0")]
    [InlineData("Webhooks:RetentionDays", "for ever")]
    [InlineData("ApiKeys:CallsPerSecond", "0")]
    [InlineData("Database:Provider", "Oracle")]
    [InlineData("ConnectionStrings:Database", "Data Source=:memory:")]
    [InlineData("ConnectionStrings:Database", "Server=database;File=app.db")]
    [InlineData("ConnectionStrings:Database", "Data Source=file/app.db")]
    [InlineData("ConnectionStrings:Database", "Data Source=file")]
    [InlineData("ConnectionStrings:Redis", "localhost:6379,nonsense=1")]
    [InlineData("ConnectionStrings:Redis", "password=secret")]
    [InlineData("Storage:Path", "file/media")]
    [InlineData("Storage:Provider", "S3")]
    [InlineData("DataProtection:KeysPath", "file/keys")]
    [InlineData("DataProtection:CertificatePath", "none.pfx")]
    [InlineData("DataProtection:CertificatePath", "file")]
    [InlineData("Bootstrap:AdminPassword", "short")]
    [InlineData("Bootstrap:AdminPassword", "")]
    [InlineData("Bootstrap:AdminEmail", "no address")]
    [InlineData("Bootstrap:AdminEmail", "")]
    [InlineData("Mail:Host", "no host")]
    [InlineData("OpenTelemetry:Endpoint", "localhost:4317")]
    [InlineData("Proxy:Trusted", "the proxy")]
    [InlineData("urls", "nonsense")]
    [InlineData("urls", "http://127.0.0.1:999999")]
    public async Task A_setting_that_cannot_work_ends_the_start_with_one_line_that_names_it(string key, string value)
    {
        await File.WriteAllTextAsync(PathOf("file"), "neither a folder nor a database", TestContext.Current.CancellationToken);

        await EndsAsync(key, value);
    }

    [Fact]
    public async Task A_database_server_that_cannot_be_reached_ends_the_start_with_one_line() => await EndsAsync(
        "ConnectionStrings:Database", "Server=tcp:127.0.0.1,1;Connect Timeout=1;Encrypt=false", "--Database:Provider=SqlServer");

    [Fact]
    public async Task A_storage_account_that_cannot_be_reached_ends_the_start_with_one_line() => await EndsAsync(
        "Storage:ConnectionString",
        "AccountName=media;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:1/media", "--Storage:Provider=AzureBlob");

    [Fact]
    public async Task A_port_in_use_ends_the_start_with_one_line()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        await EndsAsync("urls", $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

        Assert.Empty(folder.EnumerateFileSystemInfos());   // it was found before anything was prepared
    }

    [Theory]
    [UnsupportedOSPlatform("windows")]
    [InlineData("This node has taken")]   // while the workers start
    [InlineData("Now listening on")]
    public async Task A_signal_to_stop_during_the_start_ends_it_without_an_error(string line)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals");
        using var app = Start();
        while (await app.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } next)
            if (next.Contains(line, StringComparison.Ordinal)) break;

        using var kill = Process.Start("kill", ["-TERM", app.Id.ToString(CultureInfo.InvariantCulture)]);
        var output = await app.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await app.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, ""), (app.ExitCode, await app.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)));
        Assert.DoesNotContain("Exception", output, StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Nobody_else_can_read_the_database_the_media_and_the_keys()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes");

        await StartsAsync(() =>
        {
            Assert.Equal("600", ModeOf("data/metamessaging.db"));
            Assert.Equal("600", ModeOf("data/metamessaging.db-wal"));
            Assert.Equal("600", ModeOf("data/metamessaging.db-shm"));
            Assert.Equal("700", ModeOf("data/media"));
            Assert.Equal("700", ModeOf("data/keys"));
        });
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task What_others_can_read_is_taken_from_them_at_the_next_start()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes");
        await StartsAsync(() => { });
        string[] paths = ["data/metamessaging.db", "data/metamessaging.db-wal", "data/metamessaging.db-shm", "data/media", "data/keys"];
        foreach (var path in paths) File.SetUnixFileMode(PathOf(path), (UnixFileMode)0b111_111_111);

        await StartsAsync(() => Assert.Equal(["600", "600", "600", "700", "700"], paths.Select(ModeOf)));
    }

    private string PathOf(string name) => Path.Combine(folder.FullName, name);

    [UnsupportedOSPlatform("windows")]
    private string ModeOf(string name) => Convert.ToString((int)File.GetUnixFileMode(PathOf(name)), 8);

    private async Task EndsAsync(string key, string value, params string[] otherSettings)
    {
        using var app = Start([$"--{key}={value}", .. otherSettings]);
        var output = app.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await app.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await app.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, app.ExitCode);
        Assert.Contains(key, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", await output, StringComparison.Ordinal);
    }

    /// <summary>Killed afterwards, so that the write-ahead log stays.</summary>
    private async Task StartsAsync(Action whileItRuns)
    {
        using var app = Start();
        try
        {
            string? line;
            do line = await app.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            while (line is not null && !line.Contains("Now listening on", StringComparison.Ordinal));
            if (line is null) Assert.Fail(await app.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
            whileItRuns();
        }
        finally
        {
            app.Kill();
            await app.WaitForExitAsync(CancellationToken.None);
        }
    }

    private Process Start(params string[] settings) => Process.Start(new ProcessStartInfo("dotnet", [
        AppProcess.AppDll, "--contentRoot", AppProcess.WebUI, "--urls", "http://127.0.0.1:0",
        "--Bootstrap:AdminEmail", AppProcess.AdminEmail, "--Bootstrap:AdminPassword", AppProcess.AdminPassword, .. settings,
    ])
    {
        WorkingDirectory = folder.FullName,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
