using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using YamlDotNet.RepresentationModel;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>What can be said of the container files without a container engine, and the published app as the image runs it: another user,
/// a folder that nobody can write, and one for the data.</summary>
public sealed partial class ContainerTests : IAsyncLifetime
{
    private const int MaxMegabytes = 150;
    private const string User = "1654";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("metamessaging-container-");

    private static string Containerfile => File.ReadAllText(Repository.PathOf("build", "Containerfile"));

    private static YamlMappingNode Compose => Load("compose.yaml");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await RunAsync("chmod", ["-R", "u+w", folder.FullName]);
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Every_setting_in_the_container_files_is_documented()
    {
        var documented = DocumentedKey().Matches(File.ReadAllText(Repository.PathOf("README.md")))
            .Select(m => m.Groups[1].Value).ToHashSet();
        var ofImage = ImageSetting().Matches(Containerfile).Select(m => m.Groups[1].Value);
        var ofNodes = ((YamlMappingNode)Compose["x-app"]["environment"]).Children.Keys.Select(k => k.ToString());

        var keys = ofImage.Concat(ofNodes).Where(name => !name.StartsWith("ASPNETCORE_", StringComparison.Ordinal)
            && !name.StartsWith("DOTNET_", StringComparison.Ordinal))
            .Select(name => name.Replace("__", ":", StringComparison.Ordinal)).ToList();

        Assert.True(keys.Count > 10);
        Assert.Empty(keys.Except(documented));
    }

    [Fact]
    public void The_nodes_are_alike_write_into_mounts_only_and_have_time_to_stop()
    {
        var services = (YamlMappingNode)Compose["services"];
        var app = (YamlMappingNode)Compose["x-app"];

        Assert.All(
            ["app-1", "app-2"],
            node => Assert.Equal(["<<", "hostname"], ((YamlMappingNode)services[node]).Children.Keys.Select(k => $"{k}")));
        Assert.Equal("true", app["read_only"].ToString());
        var mounts = ((YamlSequenceNode)app["tmpfs"]).Concat((YamlSequenceNode)app["volumes"]).Select(m => $"{m}").ToList();
        foreach (Match path in ImagePath().Matches(Containerfile))
            Assert.Contains(mounts, mount => path.Value.StartsWith($"{mount}/", StringComparison.Ordinal));
        var stop = int.Parse(app["stop_grace_period"].ToString().TrimEnd('s'), CultureInfo.InvariantCulture);
        Assert.True(TimeSpan.FromSeconds(stop) >= TimeSpan.FromSeconds(30));
        Assert.All(Variable().Matches(File.ReadAllText(Repository.PathOf("build", "compose.yaml"))).Select(m => m.Groups[1].Value), name =>
            Assert.Contains($"\n{name}=", File.ReadAllText(Repository.PathOf("build", ".env.example")), StringComparison.Ordinal));
    }

    [Fact]
    public void The_proxy_asks_both_nodes_whether_they_are_ready_at_the_port_of_the_image()
    {
        var caddy = File.ReadAllText(Repository.PathOf("build", "Caddyfile"));
        var port = Regex.Match(Containerfile, @"ASPNETCORE_HTTP_PORTS=(\d+)").Groups[1].Value;

        Assert.Contains($"reverse_proxy app-1:{port} app-2:{port}", caddy, StringComparison.Ordinal);
        Assert.Contains("health_uri /health/ready", caddy, StringComparison.Ordinal);
        Assert.DoesNotContain("lb_policy cookie", caddy, StringComparison.Ordinal);
        Assert.Contains($"EXPOSE {port}", Containerfile, StringComparison.Ordinal);
        Assert.Equal(
            Load("compose.yaml")["x-app"]["environment"]["Shutdown__Delay"].ToString(),
            Regex.Match(File.ReadAllText(Repository.PathOf("docs", "operations.md")), @"Shutdown__Delay: ([\d:]+)").Groups[1].Value);
    }

    [Fact]
    public void The_image_is_built_from_files_that_exist_and_are_not_ignored()
    {
        var ignored = File.ReadAllText(Repository.PathOf(".containerignore"));
        Assert.Equal(ignored, File.ReadAllText(Repository.PathOf(".dockerignore")));   // Docker reads that one

        foreach (Match copy in Copied().Matches(Containerfile))
        {
            foreach (var source in copy.Groups[1].Value.Split(' ')[..^1])
            {
                Assert.True(Path.Exists(Repository.PathOf(source.Split('/'))), source);
                Assert.Contains($"\n!{source.Split('/')[0]}\n", ignored, StringComparison.Ordinal);
            }
        }

        var projects = Directory.EnumerateFiles(Repository.PathOf("src"), "*.csproj", SearchOption.AllDirectories).Select(Path.GetFileName);
        Assert.All(projects, project => Assert.Contains(project!, Containerfile, StringComparison.Ordinal));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task The_published_app_runs_as_another_user_in_a_folder_that_cannot_be_written()
    {
        var (published, data) = (Path.Combine(folder.FullName, "app"), Path.Combine(folder.FullName, "data"));
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        await RunAsync("dotnet", ["publish", AppProcess.WebUI, "-c", configuration, "--no-build", "-o", published, "-v", "quiet"]);
        Directory.CreateDirectory(Path.Combine(data, "tmp"));
        var megabytes = new DirectoryInfo(published).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length) / 1024 / 1024;
        Assert.InRange(megabytes, 1, MaxMegabytes);
        TestContext.Current.TestOutputHelper?.WriteLine($"{megabytes} MB");

        await RunAsync("chmod", ["-R", "a-w,a+rX", published]);
        await RunAsync("chmod", ["a+rx", folder.FullName]);
        var isRoot = Environment.IsPrivilegedProcess;
        if (isRoot) await RunAsync("chown", ["-R", $"{User}:{User}", data]);
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartPublishedAsync(meta, published, isRoot ? User : null, new Dictionary<string, string?>
        {
            ["ConnectionStrings__Database"] = $"Data Source={data}/metamessaging.db", ["Storage__Path"] = $"{data}/media",
            ["DataProtection__KeysPath"] = $"{data}/keys", ["TMPDIR"] = $"{data}/tmp", ["HOME"] = "/nonexistent",
            ["DOTNET_EnableDiagnostics"] = "0",
        });

        await app.ConnectPageAsync();
        await meta.Control.WriteAsync("7654321098765432", "Hello from outside");
        await app.ConversationOfAsync("facebookMessenger");
        using var upload = new MultipartFormDataContent { { new ByteArrayContent(new byte[200_000]), "file", "large.bin" } };
        using var uploaded = await app.Http.PostAsync("api/attachments", upload, TestContext.Current.CancellationToken);
        Assert.True(uploaded.IsSuccessStatusCode, await uploaded.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, await RunAsync("dotnet", [AppProcess.AppDll, "health", "--urls", app.BaseAddress.ToString()], check: false));
        Assert.Equal(0, await app.StopAsync());
        Assert.Equal(1, await RunAsync("dotnet", [AppProcess.AppDll, "health", "--urls", app.BaseAddress.ToString()], check: false));
        Assert.Equal(1, await RunAsync("dotnet", [AppProcess.AppDll, "health", "--urls", "nonsense"], check: false));
        Assert.Empty(new DirectoryInfo(published).EnumerateFiles("*.db*", SearchOption.AllDirectories));
    }

    private static async Task<int> RunAsync(string program, string[] arguments, bool check = true)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        var text = await output + await error;
        Assert.True(!check || process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {text}");
        return process.ExitCode;
    }

    private static YamlMappingNode Load(string file)
    {
        using var reader = new StreamReader(Repository.PathOf("build", file));
        var yaml = new YamlStream();
        yaml.Load(reader);
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    [GeneratedRegex("`([A-Z][A-Za-z]*(?::[A-Za-z0-9]+)*)`")]
    private static partial Regex DocumentedKey();

    [GeneratedRegex(@"^\s*(?:ENV )?(\w+)=", RegexOptions.Multiline)]
    private static partial Regex ImageSetting();

    [GeneratedRegex(@"(?<==|Source=)/data/[\w.]+")]
    private static partial Regex ImagePath();

    [GeneratedRegex(@"(?<!\$)\$\{(\w+)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^COPY ((?!--from).+)$", RegexOptions.Multiline)]
    private static partial Regex Copied();
}
