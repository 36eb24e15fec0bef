using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>The app as its user starts it: its own process, port and folder. It can be killed and started again.</summary>
internal sealed partial class AppProcess : IAsyncDisposable
{
    public const string AdminEmail = "admin@example.com";
    public const string AdminPassword = "correct horse battery";

    public static readonly string WebUI = Repository.PathOf("src", "WebUI");

    /// <summary>The app's own build output, in the configuration of the tests: beside the tests it lies as a library only.</summary>
    public static readonly string AppDll = Path.Combine(WebUI, "bin", Configuration, Framework, "MetaMessaging.WebUI.dll");

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    /// <summary>Running apps, so that none outlives the tests, even when these are cancelled.</summary>
    private static readonly ConcurrentDictionary<Process, byte> Running = [];

    private readonly Simulator meta;
    private readonly DirectoryInfo folder;
    private readonly bool ownsFolder;
    private readonly bool isSetUp;
    private readonly IReadOnlyDictionary<string, string?> environment;
    private readonly Published? published;
    private readonly string logFile;
    private readonly int port = FreePort();
    private Process? process;

    static AppProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var app in Running.Keys) app.Kill();
    };

    private AppProcess(
        Simulator meta, AppProcess? sharedWith = null, bool isSetUp = true, IReadOnlyDictionary<string, string?>? environment = null,
        Published? published = null)
    {
        this.published = published;
        this.environment = environment ?? new Dictionary<string, string?>();
        this.meta = meta;
        this.isSetUp = isSetUp;
        ownsFolder = sharedWith is null;
        folder = sharedWith?.folder ?? Directory.CreateTempSubdirectory("metamessaging-e2e-");
        logFile = $"app-{port}.log";
        BaseAddress = new Uri($"http://localhost:{port}/");
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = true }) { BaseAddress = BaseAddress };
    }

    private static string DotNet =>
        Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet";

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static string Framework => new DirectoryInfo(AppContext.BaseDirectory).Name;

    public Uri BaseAddress { get; }

    /// <summary>Signed in as the administrator.</summary>
    public HttpClient Http { get; }

    public Uri Webhook => new(BaseAddress, "integrations/meta-messaging/webhook");

    public int ProcessId => process!.Id;

    public string DatabaseFile => PathOf("app.db");

    /// <param name="name">As a relative path in a setting or a command.</param>
    public string PathOf(string name) => Path.Combine(folder.FullName, name);

    public string Log => File.ReadAllText(Path.Combine(folder.FullName, logFile));

    /// <summary>Started, configured and signed in; no Page is connected yet.</summary>
    public static Task<AppProcess> StartAsync(Simulator meta, IReadOnlyDictionary<string, string?>? environment = null) =>
        StartAsync(new AppProcess(meta, environment: environment), app => app.ConfigureAsync());

    /// <summary>The output of dotnet publish, in its own folder.</summary>
    /// <param name="user">By number; null for the user of the tests.</param>
    public static Task<AppProcess> StartPublishedAsync(
        Simulator meta, string publishedFolder, string? user, IReadOnlyDictionary<string, string?> environment) =>
        StartAsync(new AppProcess(meta, environment: environment, published: new(publishedFolder, user)), app => app.ConfigureAsync());

    /// <summary>Started without an account: the first visitor sets it up.</summary>
    public static Task<AppProcess> StartEmptyAsync(Simulator meta) =>
        StartAsync(new AppProcess(meta, isSetUp: false), _ => Task.CompletedTask);

    /// <summary>Another node on the same database, with the same settings.</summary>
    public Task<AppProcess> StartSecondNodeAsync() =>
        StartAsync(new AppProcess(meta, this, environment: environment), _ => Task.CompletedTask);

    /// <summary>An installation without data, to run commands in and to start later.</summary>
    public static AppProcess Create(Simulator meta) => new(meta);

    /// <summary>Runs a command of the app with the app's settings, in its folder; the app may run beside.</summary>
    public async Task<CommandResult> RunCommandAsync(params string[] command)
    {
        var start = new ProcessStartInfo(DotNet, [AppDll, .. command, .. Settings()])
        {
            WorkingDirectory = folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var running = Process.Start(start)!;
        Running.TryAdd(running, 0);
        var (output, error) = (running.StandardOutput.ReadToEndAsync(), running.StandardError.ReadToEndAsync());
        await WaitForExitAsync(running);
        return new CommandResult(running.ExitCode, await output, await error);
    }

    public async Task StartAgainAsync()
    {
        process = Start();
        await Until.True(IsReadyAsync, StartLimit, () => $"The app did not become ready:\n{Log}");
        if (isSetUp) await SignInAsync();
    }

    public async Task SignInAsync()
    {
        using var signedIn = await Http.PostAsJsonAsync("api/auth/login", new { email = AdminEmail, password = AdminPassword });
        signedIn.EnsureSuccessStatusCode();
        var token = (await signedIn.Content.ReadFromJsonAsync<JsonNode>())!["accessToken"]!.GetValue<string>();
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>SIGKILL: the process gets no chance to flush or to answer.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await WaitForExitAsync(process);
    }

    /// <summary>SIGTERM: as a service manager stops it.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        await ProcessPause.SignalAsync(ProcessId, "TERM");
        await WaitForExitAsync(process!);
        return process!.ExitCode;
    }

    public Task PauseAsync() => ProcessPause.BeginAsync(ProcessId, DatabaseFile);

    public Task ContinueAsync() => ProcessPause.EndAsync(ProcessId);

    public async Task ConfigureAsync()
    {
        await meta.Control.ConfigureAsync(
            new { app = new { redirectUris = new[] { $"{BaseAddress}integrations/meta-messaging/oauth/callback" } } });
        await meta.Control.SetWebhookAsync(Webhook.ToString());
        using var saved = await Http.PutAsJsonAsync("api/admin/system-config", new
        {
            metaMessagingAppId = "123456789012345",
            metaMessagingAppSecret = "0123456789abcdef0123456789abcdef",
            metaMessagingVerifyToken = "token",
        });
        saved.EnsureSuccessStatusCode();
    }

    /// <summary>Through the real dialog, as an administrator's browser does it.</summary>
    public async Task ConnectPageAsync()
    {
        var dialog = (await GetAsync("api/integrations/meta/oauth-url"))["url"]!.GetValue<string>();
        var form = await Http.GetStringAsync(dialog);
        var ticked = Checkbox().Matches(form).Select(m => KeyValuePair.Create(m.Groups["name"].Value, m.Groups["value"].Value));
        using var granted = await Http.PostAsync(
            dialog, new FormUrlEncodedContent(ticked.Append(KeyValuePair.Create("action", "continue"))));
        using var returned = await Http.GetAsync(granted.Headers.Location);
        Assert.Contains("meta_connected=", returned.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    public async Task<JsonNode> GetAsync(string path) => (await Http.GetFromJsonAsync<JsonNode>(path))!;

    /// <summary>All messages of all conversations.</summary>
    public async Task<List<JsonNode>> MessagesAsync()
    {
        var all = new List<JsonNode>();
        await foreach (var conversation in ListAsync("api/conversations?limit=200"))
        {
            await foreach (var message in ListAsync($"api/conversations/{conversation["id"]}/messages?limit=200")) all.Add(message);
        }

        return all;
    }

    public async Task<long> ConversationOfAsync(string channel)
    {
        JsonArray items = [];
        await Until.True(
            async () => (items = (await GetAsync($"api/conversations?channel={channel}"))["items"]!.AsArray()).Count > 0,
            TimeSpan.FromSeconds(20), () => $"No conversation on {channel} appeared.\n{Log}");
        return items[0]!["id"]!.GetValue<long>();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (process is { HasExited: false }) await KillAsync();
        if (process is not null) Running.TryRemove(process, out _);   // one that ended by itself
        process?.Dispose();
        if (ownsFolder) folder.Delete(recursive: true);
    }

    /// <summary>A test cannot dispose an app that it was never given: one that does not become ready is ended here.</summary>
    private static async Task<AppProcess> StartAsync(AppProcess app, Func<AppProcess, Task> configure)
    {
        try
        {
            await app.StartAgainAsync();
            await configure(app);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private async IAsyncEnumerable<JsonNode> ListAsync(string path)
    {
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await GetAsync(cursor == "" ? path : $"{path}&cursor={cursor}");
            foreach (var item in page["items"]!.AsArray()) yield return item!;
            cursor = page["nextCursor"]?.GetValue<string>();
        }
    }

    private static async Task WaitForExitAsync(Process process)
    {
        await process.WaitForExitAsync();
        Running.TryRemove(process, out _);
    }

    private Process Start()
    {
        var log = Path.Combine(folder.FullName, logFile);
        var start = new ProcessStartInfo("/bin/sh")
        {
            WorkingDirectory = published?.Folder ?? folder.FullName,
            // exec: the process that is killed is the app, not a shell around it
            ArgumentList = { "-c", $"exec \"$0\" \"$@\" >> {log} 2>&1" },
        };
        if (published?.User is { } user)
            foreach (var word in new[] { "setpriv", $"--reuid={user}", $"--regid={user}", "--clear-groups" }) start.ArgumentList.Add(word);
        start.ArgumentList.Add(DotNet);
        start.ArgumentList.Add(published is null ? AppDll : Path.Combine(published.Folder, Path.GetFileName(AppDll)));
        foreach (var setting in Settings()) start.ArgumentList.Add(setting);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var started = Process.Start(start)!;
        Running.TryAdd(started, 0);
        return started;
    }

    private IEnumerable<string> Settings()
    {
        var simulator = meta.BaseAddress;
        return
        [
            .. published is null ? ["--contentRoot", WebUI, $"--ConnectionStrings:Database=Data Source={DatabaseFile}"] : (string[])[],
            "--urls", BaseAddress.ToString(),
            "--Bootstrap:AdminEmail", isSetUp ? AdminEmail : "",
            "--Bootstrap:AdminPassword", isSetUp ? AdminPassword : "",
            "--Bootstrap:AdminName", "Nora Berg",
            "--Bootstrap:Organization", "Blue Cup",
            "--Meta:GraphBaseUrl", simulator.ToString().TrimEnd('/'),
            "--Meta:DialogBaseUrl", simulator.ToString().TrimEnd('/'),
            "--Meta:MediaHosts:0", simulator.Authority,
        ];
    }

    private async Task<bool> IsReadyAsync()
    {
        if (process!.HasExited) throw new InvalidOperationException($"The app ended at start:\n{Log}");
        try
        {
            using var answer = await Http.GetAsync("health/ready");
            return answer.StatusCode is HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed record Published(string Folder, string? User);

    [GeneratedRegex("""<input(?=[^>]*name="(?<name>pages|permissions)")(?=[^>]*value="(?<value>[^"]*)")[^>]*>""")]
    private static partial Regex Checkbox();
}

internal sealed record CommandResult(int ExitCode, string Output, string Error);
