#:package Spectre.Console
#:package Spectre.Console.Cli
#:project ../tests/MetaSimulator

// The demo: MetaMessaging and a simulated Meta platform, started side by side and configured for each other.
//
//   dotnet run build/demo.cs               an empty installation; connecting the Page is the first click
//   dotnet run build/demo.cs --story       with two weeks of conversations on both channels
//   dotnet run build/demo.cs --fresh       without the data of earlier runs
//
// Everything it writes is in .demo/: the built app, the database, media, keys and the app's log.

using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.NetworkInformation;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator;
using Spectre.Console;
using Spectre.Console.Cli;

Console.OutputEncoding = System.Text.Encoding.UTF8;
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

var program = new CommandApp<DemoCommand>();
program.Configure(configuration => configuration.SetApplicationName("dotnet run build/demo.cs").SetExceptionHandler((exception, _) =>
{
    if (exception is OperationCanceledException && stop.IsCancellationRequested) return 0;
    Console.Error.WriteLine($"\n{(exception is DemoException or CommandAppException ? exception.Message : exception)}");
    return 1;
}));
return await program.RunAsync(args, stop.Token);

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}

internal sealed class DemoSettings : CommandSettings
{
    [CommandOption("--story"), Description("Plays two weeks of conversations first")]
    public bool Story { get; init; }

    [CommandOption("--fresh"), Description("Starts over: deletes the database, the media and the keys of earlier runs")]
    public bool Fresh { get; init; }

    [CommandOption("--app-port <PORT>"), DefaultValue(5080), Description("The port of the app")]
    public int AppPort { get; init; }

    [CommandOption("--simulator-port <PORT>"), DefaultValue(5090), Description("The port of the simulated Meta platform")]
    public int SimulatorPort { get; init; }
}

/// <summary>A failure that the user can do something about; it is shown without a stack trace.</summary>
internal sealed class DemoException(string message) : Exception(message);

internal sealed class DemoCommand : AsyncCommand<DemoSettings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, DemoSettings settings, CancellationToken cancellationToken)
    {
        await using var demo = new Demo(settings, cancellationToken);
        await demo.RunAsync();
        return 0;
    }
}

internal sealed class Demo(DemoSettings settings, CancellationToken stopping) : IAsyncDisposable
{
    private const string Email = "admin@example.com";
    private const string Password = "blue-cup-coffee";
    private const string VerifyToken = "demo-verify-token";

    /// <summary>A team of three, and the admin of a second organization. The sign-in page offers each.</summary>
    private static readonly (string Name, string Role, string Email)[] People =
    [
        ("Nora Berg", "administers everything", Email), ("Sam Okafor", "agent", "sam@example.com"),
        ("Lea Brandt", "agent and ops", "lea@example.com"), ("Ivo Marin", "Green Bowl's admin", "ivo@example.com"),
    ];

    private static readonly string Root = Path.GetDirectoryName((string)AppContext.GetData("EntryPointFileDirectoryPath")!)!;
    private static readonly string Folder = Path.Combine(Root, ".demo");

    private readonly string appUrl = $"http://localhost:{settings.AppPort}/";
    private readonly string simulatorUrl = $"http://localhost:{settings.SimulatorPort}/";
    private readonly HttpClient app = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private Process? appProcess;
    private Simulator? simulator;

    private SimulatorControl Meta => simulator!.Control;

    public async Task RunAsync()
    {
        app.BaseAddress = new Uri(appUrl);
        foreach (var (port, option) in new[] { (settings.AppPort, "--app-port"), (settings.SimulatorPort, "--simulator-port") })
            if (!IsFree(port)) throw new DemoException($"Port {port} is in use. Choose another with {option}.");
        if (settings.Fresh && Directory.Exists(DataPath())) Directory.Delete(DataPath(), recursive: true);
        Directory.CreateDirectory(DataPath());

        await StepAsync("Building the app", BuildAsync);
        await StepAsync("Starting the app and the simulated Meta platform", StartAsync);
        var working = SetUpAndWaitAsync();
        await Task.WhenAny(working, appProcess!.WaitForExitAsync(stopping));

        // A failed request is often noticed a moment before the exit that caused it.
        var exitTimeout = TimeSpan.FromSeconds(working.IsFaulted ? 1 : 0);
        if (!stopping.IsCancellationRequested && appProcess.WaitForExit(exitTimeout)) throw NewExitException();
        await working;
    }

    public async ValueTask DisposeAsync()
    {
        if (appProcess is { HasExited: false })
        {
            AnsiConsole.WriteLine("\nStopping.");
            if (OperatingSystem.IsWindows()) appProcess.Kill();
            else Process.Start("sh", ["-c", $"kill {appProcess.Id}"]).Dispose();   // .NET cannot send SIGTERM
            if (!appProcess.WaitForExit(TimeSpan.FromSeconds(10))) appProcess.Kill();
        }

        if (simulator is not null) await simulator.DisposeAsync();
        app.Dispose();
    }

    private static string DataPath(string name = "") => Path.Combine(Folder, "data", name);

    private DemoException NewExitException() => new($"The app has exited (exit code {appProcess!.ExitCode}). Its log is .demo/app.log.");

    private static async Task StepAsync(string title, Func<Task> work)
    {
        var startedAt = Stopwatch.GetTimestamp();
        await AnsiConsole.Status().StartAsync($"{title} ...", _ => work());
        AnsiConsole.MarkupLineInterpolated(
            CultureInfo.InvariantCulture, $"[green]✓[/] {title}, {Stopwatch.GetElapsedTime(startedAt).TotalSeconds:0.0} s");
    }

    private static bool IsFree(int port) =>
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().All(endpoint => endpoint.Port != port);

    /// <summary>Builds into .demo, so that it neither overwrites nor waits for what an editor builds.</summary>
    private async Task BuildAsync()
    {
        string[] arguments = ["build", "src/WebUI", "--artifacts-path", $"{Folder}/build", "-v", "quiet", "-p:RunAnalyzers=false"];
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = Root, RedirectStandardOutput = true };
        using var build = Process.Start(start)!;
        using var killing = stopping.Register(() => build.Kill(entireProcessTree: true));
        var output = await build.StandardOutput.ReadToEndAsync(stopping);
        await build.WaitForExitAsync(stopping);
        if (build.ExitCode is not 0) throw new DemoException($"The app could not be built:\n\n{output}");
    }

    private async Task StartAsync()
    {
        var options = new SimulatorOptions { Urls = simulatorUrl, RedirectUris = [$"{appUrl}integrations/meta-messaging/oauth/callback"] };
        simulator = await Simulator.StartAsync(options, stopping);

        File.Delete(Path.Combine(Folder, "app.log"));
        appProcess = Process.Start(new ProcessStartInfo("dotnet",
        [
            $"{Folder}/build/bin/WebUI/debug/MetaMessaging.WebUI.dll", $"--urls={appUrl}", $"--PublicBaseUrl={appUrl}",
            "--Database:Provider=Sqlite", $"--ConnectionStrings:Database=Data Source={DataPath("metamessaging.db")}",
            $"--Storage:Path={DataPath("media")}", $"--DataProtection:KeysPath={DataPath("keys")}",
            $"--Bootstrap:AdminEmail={Email}", $"--Bootstrap:AdminPassword={Password}", "--Bootstrap:AdminName=Nora Berg",
            "--Bootstrap:Organization=Blue Cup Coffee",
            "--Demo:SignIn=" + string.Join(';', People.Select(p => $"{p.Name}, {p.Role}|{p.Email}|{Password}")),
            $"--Meta:GraphBaseUrl={simulatorUrl}", $"--Meta:DialogBaseUrl={simulatorUrl}",
            $"--Meta:MediaHosts:0=localhost:{settings.SimulatorPort}",
            "--Serilog:WriteTo:0:Name=File", $"--Serilog:WriteTo:0:Args:path={Path.Combine(Folder, "app.log")}",
        ])
        { WorkingDirectory = Path.Combine(Root, "src", "WebUI") })!;
        while (IsFree(settings.AppPort) || !(await app.GetAsync("health/ready", stopping)).IsSuccessStatusCode)
        {
            if (appProcess.HasExited) throw NewExitException();
            await Task.Delay(50, stopping);
        }
    }

    private async Task SetUpAndWaitAsync()
    {
        await StepAsync("Configuring them for each other", ConfigureAsync);
        if (settings.Story) await PlayStoryAsync();
        await ShowAddressesAsync();
        await Task.Delay(Timeout.Infinite, stopping);
    }

    /// <summary>Does what an administrator does under System Config and in Meta's App Dashboard.</summary>
    private async Task ConfigureAsync()
    {
        using var signIn = await app.PostAsJsonAsync("api/auth/login", new { email = Email, password = Password }, stopping);
        if (!signIn.IsSuccessStatusCode) throw new DemoException("The password was changed in an earlier run. Add --fresh to start over.");
        var token = (string)(await signIn.Content.ReadFromJsonAsync<JsonNode>(stopping))!["accessToken"]!;
        app.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

        await SendAsync(HttpMethod.Put, "api/admin/system-config", new
        {
            metaMessagingAppId = SimulatorOptions.DefaultAppId,
            metaMessagingAppSecret = SimulatorOptions.DefaultAppSecret,
            metaMessagingVerifyToken = VerifyToken,
        });
        await Meta.SetWebhookAsync($"{appUrl}integrations/meta-messaging/webhook", VerifyToken);

        await InviteTeamAsync();

        // The simulated platform keeps nothing between runs, so what was connected before has to be connected again.
        if (!await IsConnectedAsync()) return;
        await LoadStoryAsync();
        await ConnectAsync();
    }

    private async Task InviteTeamAsync()
    {
        if ((await GetAsync("api/members"))["items"]!.AsArray().Count > 1) return;
        string[][] roles = [["agent"], ["agent", "ops"]];
        for (var i = 0; i < roles.Length; i++)
        {
            var person = People[i + 1];
            var body = new { email = person.Email, roles = roles[i] };
            await AcceptAsync(await SendAsync(HttpMethod.Post, "api/members/invitations", body), person.Name);
        }

        var organization = new { name = "Green Bowl Kitchen", adminEmail = People[3].Email };
        await AcceptAsync(await SendAsync(HttpMethod.Post, "api/admin/organizations", organization), People[3].Name);
    }

    /// <summary>Without the administrator's token, as the invited person's browser does it.</summary>
    private async Task AcceptAsync(JsonNode invited, string name)
    {
        using var person = new HttpClient { BaseAddress = app.BaseAddress };
        var token = ((string)invited["inviteUrl"]!).Split('/')[^1];
        using var response = await person.PostAsJsonAsync(
            "api/auth/invitations/accept", new { token, name, password = Password }, stopping);
        if (!response.IsSuccessStatusCode) throw new DemoException($"{name} could not join: {response.StatusCode}");
    }

    private async Task<bool> IsConnectedAsync() =>
        (await GetAsync("api/integrations/meta/status"))["connections"]!.AsArray().Any(item => (string?)item!["state"] != "disconnected");

    private async Task ConnectAsync()
    {
        var dialog = (string)(await GetAsync("api/integrations/meta/oauth-url"))["url"]!;
        using var response = await app.GetAsync(await Meta.ConsentAsync(new Uri(dialog)), stopping);
        if (response.Headers.Location?.OriginalString.Contains("meta_connected=", StringComparison.Ordinal) is true) return;
        throw new DemoException($"The Page could not be connected; the app redirects to {response.Headers.Location}.");
    }

    private async Task LoadStoryAsync() =>
        await Meta.LoadStoryAsync(await File.ReadAllTextAsync(Path.Combine(Root, "build", "demo-story.txt"), stopping));

    private async Task PlayStoryAsync()
    {
        if ((await GetAsync("api/conversations?limit=1"))["items"]!.AsArray().Count > 0)
        {
            AnsiConsole.WriteLine("  There are conversations already, so the story is not played. Add --fresh to start over.");
            return;
        }

        await StepAsync("Connecting the Page through Meta's dialog", ConnectAsync);
        await LoadStoryAsync();
        var story = await Meta.PlayStoryAsync();
        await StepAsync($"Playing {story.Messages} messages of {story.Conversations.Count} customers", WaitUntilProcessedAsync);
        var ids = await FindConversationIdsAsync();
        await StepAsync("Answering today's customers through the app", async () =>
        {
            while (await Meta.PlayNextLineAsync() is { } line)
            {
                if (line.AgentText is { } text)
                    await SendAsync(HttpMethod.Post, "api/messaging/send", new { conversationId = ids[line.CustomerId], text });
                await WaitUntilProcessedAsync();
            }

            foreach (var conversation in story.Conversations.Where(conversation => conversation.Ending is not "waiting"))
            {
                var path = $"api/conversations/{ids[conversation.CustomerId]}";
                await SendAsync(HttpMethod.Post, $"{path}/read");
                if (conversation.Ending is "closed") await SendAsync(HttpMethod.Patch, path, new { status = "closed" });
            }
        });
    }

    private async Task WaitUntilProcessedAsync()
    {
        await Meta.WaitUntilIdleAsync(TimeSpan.FromSeconds(90));
        while ((await GetAsync("api/ops/webhook-deliveries?state=pending"))["items"]!.AsArray().Count > 0) await Task.Delay(100, stopping);
    }

    /// <summary>The conversations' ids, by the PSID or IGSID of the customer.</summary>
    private async Task<Dictionary<string, long>> FindConversationIdsAsync()
    {
        var ids = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var conversation in (await GetAsync("api/conversations?limit=200"))["items"]!.AsArray())
        {
            var contact = await GetAsync($"api/contacts/{conversation!["contact"]!["id"]}");
            var identity = contact["facebook"]!.AsArray().Concat(contact["instagram"]!.AsArray()).First()!;
            ids[(string)(identity["psid"] ?? identity["igsid"])!] = (long)conversation["id"]!;
        }

        return ids;
    }

    private async Task<JsonNode> GetAsync(string path) => (await app.GetFromJsonAsync<JsonNode>(path, stopping))!;

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("Prefer", "wait=10");   // a message is answered when Meta has accepted it
        using var response = await app.SendAsync(request, stopping);
        var text = await response.Content.ReadAsStringAsync(stopping);
        if (!response.IsSuccessStatusCode) throw new DemoException($"{method} {path} failed ({(int)response.StatusCode}): {text}");
        return JsonNode.Parse(text is "" ? "{}" : text)!;
    }

    private async Task ShowAddressesAsync()
    {
        var hint = (await IsConnectedAsync(), settings.Story) switch
        {
            (true, true) => "Open the app beside the customers' phones: what one writes, the other shows.",
            (true, false) => "The simulated Meta starts without conversations: a customer must write before you can answer.",
            _ => $"First step: sign in, open {appUrl}settings/integrations and connect the Page. Then write on the customers' phones.",
        };
        var grid = new Grid().AddColumn().AddColumn();
        grid.AddRow("MetaMessaging", $"[bold]{appUrl}[/]").AddRow("Sign in with", $"[bold]{Email}   {Password}[/]");
        foreach (var person in People.Skip(1)) grid.AddRow("", $"{person.Email}   {Password}   ({person.Name}, {person.Role})");
        grid.AddRow("Customers' phones", $"[bold]{simulatorUrl}phone[/]").AddRow("Simulated Meta", $"[bold]{simulatorUrl}[/]");
        grid.AddRow("API reference", $"[bold]{appUrl}api/docs[/]").AddRow("Log", "[bold].demo/app.log[/]").AddEmptyRow();
        AnsiConsole.Write(new Padder(new Rows(grid, new Text(hint), new Text("Ctrl+C stops both.")), new Padding(2, 1, 0, 1)));
        AnsiConsole.WriteLine($"Ready: {appUrl.TrimEnd('/')}");
    }
}
