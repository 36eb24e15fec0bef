// The demo: MetaMessaging and a simulated Meta platform, started side by side and wired to each other.
//
//   dotnet run build/demo.cs               the app without anything in it; connecting the Page is the first click
//   dotnet run build/demo.cs --story       with two weeks of conversations on both channels
//
// Everything it writes is in .demo/: what it built, the database, media, keys, and one log a program.

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

const string Usage = """
    usage: dotnet run build/demo.cs [options]

      --story                  plays two weeks of conversations first
      --fresh                  starts over: forgets the database, the media and the keys of earlier runs
      --app-port <port>        5080 unless told otherwise
      --simulator-port <port>  5090 unless told otherwise
    """;

Console.OutputEncoding = Encoding.UTF8;
var settings = DemoSettings.Parse(args);
if (settings is null)
{
    Console.Error.WriteLine(Usage);
    return 2;
}

using var stopping = new StopSignal();
await using var demo = new Demo(settings, stopping.Token);
try
{
    await demo.RunAsync();
    return 0;
}
catch (OperationCanceledException) when (stopping.Token.IsCancellationRequested)
{
    Console.WriteLine();
    Console.WriteLine("Stopping.");
    return 0;
}
catch (Exception exception)
{
    // Whatever it is: caught, so that both programs are stopped.
    Console.Error.WriteLine();
    Console.Error.WriteLine(exception is DemoException ? exception.Message : exception.ToString());
    return 1;
}

/// <summary>What the command line says; null when it says something that nobody understands.</summary>
internal sealed record DemoSettings(bool Story, bool Fresh, int AppPort, int SimulatorPort)
{
    public static DemoSettings? Parse(string[] args)
    {
        var settings = new DemoSettings(false, false, 5080, 5090);
        for (var i = 0; i < args.Length; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var before, var after] ? (before, after) : (args[i], null);
            if (name is "--app-port" or "--simulator-port")
            {
                value ??= ++i < args.Length ? args[i] : null;
                if (!int.TryParse(value, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535) return null;
                settings = name is "--app-port" ? settings with { AppPort = port } : settings with { SimulatorPort = port };
                continue;
            }

            if (value is not null) return null;
            switch (name)
            {
                case "--story": settings = settings with { Story = true }; break;
                case "--fresh": settings = settings with { Fresh = true }; break;
                default: return null;
            }
        }

        return settings.AppPort == settings.SimulatorPort ? null : settings;
    }
}

/// <summary>Something that the person at the keyboard can do something about.</summary>
internal sealed class DemoException(string message) : Exception(message);

internal sealed class Demo(DemoSettings settings, CancellationToken stopping) : IAsyncDisposable
{
    private const string Email = "admin@example.com";
    private const string Password = "blue-cup-coffee";

    private readonly string root = Path.GetFullPath(Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, ".."));
    private readonly Uri appAddress = new($"http://localhost:{settings.AppPort}/");
    private readonly Uri simulatorAddress = new($"http://localhost:{settings.SimulatorPort}/");
    private readonly List<Child> children = [];

    private string Folder => Path.Combine(root, ".demo");

    private string StoryFile => Path.Combine(root, "build", "demo-story.txt");

    public async Task RunAsync()
    {
        var began = Stopwatch.GetTimestamp();
        RequireFreePort(settings.AppPort, "the app", "--app-port");
        RequireFreePort(settings.SimulatorPort, "the simulator", "--simulator-port");
        if (settings.Fresh) StartOver();
        Directory.CreateDirectory(Folder);

        await Screen.StepAsync("Building the app and the simulator (the first time takes longest)", BuildAsync);
        await Screen.StepAsync("Starting both", StartAsync);

        using var meta = new SimulatedMeta(simulatorAddress);
        using var app = new App(appAddress);
        await UnlessOneEndsAsync(async () =>
        {
            await Screen.StepAsync("Wiring them to each other", () => WireAsync(app, meta));
            if (settings.Story) await TellStoryAsync(app, meta);
            await WelcomeAsync(app, Stopwatch.GetElapsedTime(began));
            await Task.Delay(Timeout.Infinite, stopping);
        });
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(children.Select(child => child.DisposeAsync().AsTask()));

    private static void RequireFreePort(int port, string who, string option)
    {
        foreach (var address in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback })
        {
            try
            {
                using var listener = new TcpListener(address, port);
                listener.Start();
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                throw new DemoException($"Port {port}, where {who} should listen, is taken. Stop the other program, or choose another port with {option}.");
            }
            catch (SocketException)
            {
                // No IPv6 on this machine, then nobody has its port.
            }
        }
    }

    private void StartOver()
    {
        if (!Directory.Exists(Folder)) return;
        foreach (var file in Directory.EnumerateFiles(Folder)) File.Delete(file);
        foreach (var folder in Directory.EnumerateDirectories(Folder).Where(folder => Path.GetFileName(folder) is "media" or "keys")) Directory.Delete(folder, recursive: true);
    }

    /// <summary>Into a folder of its own, so that it neither disturbs nor waits for what an editor builds. Tests and style are .ci/run's business.</summary>
    private Task BuildAsync() => Task.WhenAll(BuildAsync("src/WebUI"), BuildAsync("tests/MetaSimulator"));

    private async Task BuildAsync(string project)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "build", project, "--artifacts-path", Path.Combine(Folder, "build"), "--nologo", "--verbosity", "quiet",
                "-p:RunAnalyzers=false", "-p:GenerateDocumentationFile=false",
            },
        };
        using var build = Process.Start(start)!;
        var output = build.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = build.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await build.WaitForExitAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            build.Kill(entireProcessTree: true);
            throw;
        }

        if (build.ExitCode is not 0) throw new DemoException($"{project} could not be built:\n\n{await output}{await errors}");
    }

    private Task StartAsync()
    {
        var callback = "integrations/meta-messaging/oauth/callback";
        var simulator = Add(new Child("The simulator", Built("MetaSimulator"), root, Path.Combine(Folder, "simulator.log"),
            $"--urls={simulatorAddress}",
            $"--Simulator:RedirectUris={appAddress}{callback};http://127.0.0.1:{settings.AppPort}/{callback}"));
        var app = Add(new Child("The app", Built("WebUI"), Path.Combine(root, "src", "WebUI"), Path.Combine(Folder, "app.log"),
            $"--urls={appAddress}",
            $"--PublicBaseUrl={appAddress}",
            "--Database:Provider=Sqlite",
            $"--ConnectionStrings:Database=Data Source={Path.Combine(Folder, "metamessaging.db")}",
            $"--Storage:Path={Path.Combine(Folder, "media")}",
            $"--DataProtection:KeysPath={Path.Combine(Folder, "keys")}",
            $"--Bootstrap:AdminEmail={Email}", $"--Bootstrap:AdminPassword={Password}", "--Bootstrap:AdminName=Nora Berg", "--Bootstrap:Organization=Blue Cup Coffee",
            $"--Demo:SignIn={Email}|{Password}",
            $"--Meta:GraphBaseUrl={simulatorAddress}", $"--Meta:DialogBaseUrl={simulatorAddress}",
            $"--Meta:MediaHosts:0=localhost:{settings.SimulatorPort}",
            "--Serilog:WriteTo:0:Name=Console", "--Serilog:MinimumLevel:Override:Microsoft.EntityFrameworkCore=Warning",
            "--Serilog:MinimumLevel:Override:Microsoft.AspNetCore=Warning", "--Serilog:MinimumLevel:Override:System.Net.Http=Warning"));

        return UnlessOneEndsAsync(() => Task.WhenAll(
            simulator.AnswersAsync(new Uri(simulatorAddress, "sim/clock"), stopping),
            app.AnswersAsync(new Uri(appAddress, "health/ready"), stopping)));

        string Built(string project) => Path.Combine(Folder, "build", "bin", project, "debug", $"MetaMessaging.{project}.dll");

        Child Add(Child child)
        {
            children.Add(child);
            return child;
        }
    }

    private async Task UnlessOneEndsAsync(Func<Task> work)
    {
        var ended = Task.WhenAny(children.Select(child => child.Ended));
        var working = work();
        if (await Task.WhenAny(working, ended) == ended) throw new DemoException(children.First(child => child.Ended.IsCompleted).Obituary());

        try
        {
            await working;
        }
        catch (HttpRequestException) when (children.FirstOrDefault(child => child.EndsWithin(TimeSpan.FromSeconds(1))) is { } gone)
        {
            throw new DemoException(gone.Obituary());
        }
    }

    /// <summary>What a person would do in System Config and in Meta's App Dashboard.</summary>
    private async Task WireAsync(App app, SimulatedMeta meta)
    {
        await app.SignInAsync(Email, Password, stopping);
        await app.PutSystemConfigAsync(SimulatedMeta.AppId, SimulatedMeta.AppSecret, SimulatedMeta.VerifyToken, stopping);
        await meta.SubscribeAsync(new Uri(appAddress, "integrations/meta-messaging/webhook"), stopping);

        // The simulated platform begins anew each time, so what was connected before has to be connected again.
        if (!await app.HasActiveConnectionAsync(stopping)) return;
        foreach (var person in StoryScript.Read(StoryFile).Newcomers) await meta.AddCustomerAsync(person, stopping);
        await ConnectAsync(app, meta);
    }

    private async Task ConnectAsync(App app, SimulatedMeta meta)
    {
        var callback = await meta.ConsentAsync(await app.GetOAuthUrlAsync(stopping), stopping);
        var page = await app.ReturnFromDialogAsync(callback, stopping);
        if (!page.Contains("meta_connected=", StringComparison.Ordinal)) throw new DemoException($"The Page could not be connected; the app sent us to {page}.");
    }

    private async Task TellStoryAsync(App app, SimulatedMeta meta)
    {
        if (await app.HasConversationsAsync(stopping))
        {
            Console.WriteLine("  There are conversations already, so the story is not told again. --fresh --story begins anew.");
            return;
        }

        await Screen.StepAsync("Connecting the Page through Meta's dialog", () => ConnectAsync(app, meta));
        var script = StoryScript.Read(StoryFile);
        foreach (var person in script.Newcomers) await meta.AddCustomerAsync(person, stopping);
        var story = new Story(script, await meta.ListCustomersAsync(SimulatedMeta.PageId, stopping), DateTimeOffset.UtcNow);
        var teller = new StoryTeller(app, meta, story, stopping);
        await Screen.StepAsync($"Two weeks of conversations: {story.Customers} customers, {story.Messages} messages", teller.TellPastAsync);
        await Screen.StepAsync("Waiting until the app has processed everything", teller.WaitUntilProcessedAsync);
        await Screen.StepAsync("Answering today's customers through the app", teller.TellTodayAsync);
        await Screen.StepAsync("Leaving unread only what nobody has answered", teller.TidyUpAsync);
    }

    private async Task WelcomeAsync(App app, TimeSpan took)
    {
        var connected = await app.HasActiveConnectionAsync(stopping);
        Console.WriteLine();
        Screen.Entry("MetaMessaging", $"{appAddress}");
        Screen.Entry("Sign in with", $"{Email}   {Password}");
        Screen.Entry("Customers' phones", $"{simulatorAddress}phone");
        Screen.Entry("Simulated Meta", $"{simulatorAddress}");
        Screen.Entry("API reference", $"{appAddress}api/docs");
        Screen.Entry("Logs", Path.Combine(".demo", "app.log") + ", " + Path.Combine(".demo", "simulator.log"));
        Console.WriteLine();
        Console.WriteLine(connected
            ? "  Open the app beside the customers' phones: what one writes, the other shows."
            : $"""
                First step: sign in, open {appAddress}settings/integrations and connect the Page (one click, and Continue in the
                simulated dialog). Then write something on the customers' phones.
              """);
        if (connected && !settings.Story) Console.WriteLine("  The simulated platform has forgotten earlier conversations: a customer must write before you can answer.");
        Console.WriteLine("  Ctrl-C stops both.");
        Console.WriteLine();
        Console.WriteLine($"Started in {took.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s.");
        Console.WriteLine($"Ready: {appAddress.ToString().TrimEnd('/')}");
    }
}

/// <summary>One of the two programs, its log, and its end.</summary>
internal sealed class Child : IAsyncDisposable
{
    private readonly Process process;
    private readonly string name;
    private readonly string logFile;
    private readonly StreamWriter log;
    private readonly Task ended;

    public Child(string name, string dll, string workingDirectory, string logFile, params string[] arguments)
    {
        this.name = name;
        this.logFile = logFile;
        log = new StreamWriter(logFile, append: false) { AutoFlush = true };
        var start = new ProcessStartInfo("dotnet", [dll, .. arguments])
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        process = new Process { StartInfo = start };
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        ended = process.WaitForExitAsync();
    }

    public Task Ended => ended;

    public bool EndsWithin(TimeSpan time) => ended.Wait(time);

    public async Task AnswersAsync(Uri address, CancellationToken stopping)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(2); await Task.Delay(50, stopping))
        {
            try
            {
                using var answer = await http.GetAsync(address, stopping);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (Exception notYet) when (notYet is HttpRequestException || (notYet is OperationCanceledException && !stopping.IsCancellationRequested))
            {
                // It is still starting; if it is dying, whoever waits for its end says so.
            }
        }

        throw new DemoException($"{name} does not answer at {address}. Its log is {logFile}.");
    }

    public string Obituary()
    {
        lock (log) log.Flush();
        using var file = new StreamReader(new FileStream(logFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var tail = file.ReadToEnd().TrimEnd().Split('\n').TakeLast(25).Select(line => "  | " + line.TrimEnd());
        return $"{name} ended by itself (exit code {process.ExitCode}). The end of {logFile}:\n\n{string.Join('\n', tail)}";
    }

    /// <summary>Asks, and insists after ten seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited && (OperatingSystem.IsWindows() || Signals.Kill(process.Id, Signals.Terminate) is not 0)) process.Kill(entireProcessTree: true);
        if (await Task.WhenAny(ended, Task.Delay(TimeSpan.FromSeconds(10))) != ended) process.Kill(entireProcessTree: true);
        await ended;
        process.Dispose();
        await log.DisposeAsync();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null) return;
        lock (log) log.WriteLine(line.Data);
    }
}

/// <summary>.NET can end a process, but not ask it to end.</summary>
internal static class Signals
{
    public const int Terminate = 15;

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Kill(int processId, int signal);
}

/// <summary>Ctrl-C, and what a service manager or a test sends.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly List<PosixSignalRegistration> registrations;

    public StopSignal() => registrations = [Register(PosixSignal.SIGINT), Register(PosixSignal.SIGTERM), Register(PosixSignal.SIGHUP)];

    public CancellationToken Token => source.Token;

    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose();
        source.Dispose();
    }

    private PosixSignalRegistration Register(PosixSignal signal) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        source.Cancel();
    });
}

/// <summary>The app through its public HTTP API, and as the administrator's browser.</summary>
internal sealed class App(Uri address) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = address };

    public async Task SignInAsync(string email, string password, CancellationToken stopping)
    {
        using var answer = await http.PostAsJsonAsync("api/auth/login", new JsonObject { ["email"] = email, ["password"] = password }, stopping);
        if (answer.StatusCode is HttpStatusCode.Unauthorized)
            throw new DemoException("The sign-in of the demo does not work any more: it was changed in an earlier run. --fresh starts over.");

        var token = (await ReadAsync(answer, stopping))["accessToken"]!.GetValue<string>();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public async Task PutSystemConfigAsync(string appId, string secret, string verifyToken, CancellationToken stopping)
    {
        var config = new JsonObject
        {
            ["metaMessagingAppId"] = appId,
            ["metaMessagingAppSecret"] = secret,
            ["metaMessagingVerifyToken"] = verifyToken,
        };
        using var answer = await http.PutAsJsonAsync("api/admin/system-config", config, stopping);
        await ReadAsync(answer, stopping);
    }

    public async Task<bool> HasActiveConnectionAsync(CancellationToken stopping) =>
        (await GetAsync("api/integrations/meta/status", stopping))["connections"]!.AsArray().Any(c => c!["state"]!.GetValue<string>() != "disconnected");

    public async Task<Uri> GetOAuthUrlAsync(CancellationToken stopping) =>
        new((await GetAsync("api/integrations/meta/oauth-url", stopping))["url"]!.GetValue<string>());

    /// <returns>Where the app sends the browser next.</returns>
    public async Task<string> ReturnFromDialogAsync(Uri callback, CancellationToken stopping)
    {
        using var answer = await http.GetAsync(callback, stopping);
        return answer.Headers.Location?.ToString() ?? $"{callback.AbsolutePath} ({(int)answer.StatusCode})";
    }

    public async Task<bool> HasConversationsAsync(CancellationToken stopping) =>
        (await GetAsync("api/conversations?limit=1", stopping))["items"]!.AsArray().Count > 0;

    public async Task<int> CountPendingAsync(CancellationToken stopping) =>
        (await GetAsync("api/ops/webhook-deliveries?state=pending&limit=200", stopping))["items"]!.AsArray().Count;

    /// <summary>Every conversation, by Meta's id of the customer.</summary>
    public async Task<Dictionary<string, long>> ListConversationsAsync(CancellationToken stopping)
    {
        var conversations = new Dictionary<string, long>(StringComparer.Ordinal);
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await GetAsync($"api/conversations?limit=200&cursor={Uri.EscapeDataString(cursor)}", stopping);
            foreach (var item in page["items"]!.AsArray())
            {
                var contact = await GetAsync($"api/contacts/{item!["contact"]!["id"]}", stopping);
                foreach (var identity in contact["facebook"]!.AsArray()) conversations[identity!["psid"]!.GetValue<string>()] = item["id"]!.GetValue<long>();
                foreach (var identity in contact["instagram"]!.AsArray()) conversations[identity!["igsid"]!.GetValue<string>()] = item["id"]!.GetValue<long>();
            }

            cursor = page["nextCursor"]?.GetValue<string>();
        }

        return conversations;
    }

    /// <summary>Returns when the message has reached Meta, with the id that Meta gave it.</summary>
    public async Task<string> SendAsync(long conversationId, string text, CancellationToken stopping)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/messaging/send")
        {
            Content = JsonContent.Create(new JsonObject { ["conversationId"] = conversationId, ["text"] = text }),
            Headers = { { "Prefer", "wait=10" } },
        };
        using var answer = await http.SendAsync(request, stopping);
        var message = (await ReadAsync(answer, stopping))["messages"]![0]!;
        return message["externalId"]?.GetValue<string>() ?? throw new DemoException($"The app could not send a message: {message.ToJsonString()}");
    }

    public async Task MarkReadAsync(long conversationId, CancellationToken stopping)
    {
        using var answer = await http.PostAsync($"api/conversations/{conversationId}/read", null, stopping);
        await ReadAsync(answer, stopping);
    }

    public async Task CloseAsync(long conversationId, CancellationToken stopping)
    {
        using var answer = await http.PatchAsJsonAsync($"api/conversations/{conversationId}", new JsonObject { ["status"] = "closed" }, stopping);
        await ReadAsync(answer, stopping);
    }

    public void Dispose() => http.Dispose();

    private async Task<JsonNode> GetAsync(string path, CancellationToken stopping)
    {
        using var answer = await http.GetAsync(path, stopping);
        return await ReadAsync(answer, stopping);
    }

    private static Task<JsonNode> ReadAsync(HttpResponseMessage answer, CancellationToken stopping) => Answers.ReadAsync("The app", answer, stopping);
}

/// <summary>The simulated platform: its Graph API and dialog as Meta's, its control API for what customers do.</summary>
internal sealed class SimulatedMeta(Uri address) : IDisposable
{
    public const string AppId = "123456789012345";
    public const string AppSecret = "0123456789abcdef0123456789abcdef";
    public const string VerifyToken = "demo-verify-token";

    /// <summary>Blue Cup Coffee, which the simulator brings along.</summary>
    public const string PageId = "109876543210987";

    private const string Version = "v25.0";

    private static readonly (string Object, string Fields)[] Subscriptions =
    [
        ("page", "messages,messaging_postbacks,message_deliveries,message_reads,message_echoes,message_reactions,message_edits,messaging_referrals,messaging_optins,messaging_handovers,standby,messaging_account_linking,messaging_policy_enforcement,messaging_feedback"),
        ("instagram", "messages,message_reactions,messaging_postbacks,messaging_referral,messaging_seen,messaging_optins,messaging_handover,message_edit,standby"),
    ];

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address };

    /// <summary>The app's webhook, as the App Dashboard sets it; the platform verifies the address before it answers.</summary>
    public async Task SubscribeAsync(Uri callback, CancellationToken stopping)
    {
        foreach (var (topic, fields) in Subscriptions)
        {
            using var form = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["object"] = topic,
                ["callback_url"] = callback.ToString(),
                ["verify_token"] = VerifyToken,
                ["fields"] = fields,
                ["access_token"] = $"{AppId}|{AppSecret}",
            });
            using var answer = await http.PostAsync($"{Version}/{AppId}/subscriptions", form, stopping);
            await ReadAsync(answer, stopping);
        }
    }

    /// <summary>Says yes to everything that the dialog asks.</summary>
    /// <returns>Where the dialog sends the browser back to.</returns>
    public async Task<Uri> ConsentAsync(Uri dialog, CancellationToken stopping)
    {
        var page = await http.GetStringAsync(dialog, stopping);
        var form = Regex.Matches(page, """<input type="checkbox" name="(?<name>\w+)" value="(?<value>[^"]*)">?""")
            .Select(box => KeyValuePair.Create(box.Groups["name"].Value, WebUtility.HtmlDecode(box.Groups["value"].Value)))
            .Append(KeyValuePair.Create("action", "continue"));
        using var content = new FormUrlEncodedContent(form);
        using var answer = await http.PostAsync(dialog, content, stopping);
        return answer.Headers.Location ?? throw new DemoException($"Meta's dialog answered {(int)answer.StatusCode} and did not send us back.");
    }

    public async Task<List<Person>> ListCustomersAsync(string pageId, CancellationToken stopping)
    {
        using var answer = await http.GetAsync($"sim/customers?pageId={pageId}", stopping);
        return [.. (await ReadAsync(answer, stopping)).AsArray().Select(c => new Person(Text(c!, "id"), Text(c!, "name"), Text(c!, "channel")))];
    }

    /// <summary>Somebody who is not there yet; the same id in every run, so that a later run knows them again.</summary>
    public async Task AddCustomerAsync(Person person, CancellationToken stopping)
    {
        var customer = new JsonObject { ["id"] = person.Id, ["name"] = person.Name, ["channel"] = person.Channel };
        using var answer = await http.PostAsJsonAsync("sim/customers", customer, stopping);
        if (answer.StatusCode is not HttpStatusCode.Conflict) await ReadAsync(answer, stopping);
    }

    public async Task<string?> ActAsync(string customerId, string what, JsonObject details, CancellationToken stopping)
    {
        using var answer = await http.PostAsJsonAsync($"sim/customers/{customerId}/{what}", details, stopping);
        return (await ReadAsync(answer, stopping))["mid"]?.GetValue<string>();
    }

    /// <summary>Until Meta has nothing to deliver any more.</summary>
    public async Task WaitUntilIdleAsync(CancellationToken stopping)
    {
        while (true)
        {
            using var answer = await http.GetAsync("sim/deliveries/idle?timeoutMs=10000", stopping);
            if (answer.IsSuccessStatusCode) return;
        }
    }

    public void Dispose() => http.Dispose();

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();

    private static Task<JsonNode> ReadAsync(HttpResponseMessage answer, CancellationToken stopping) => Answers.ReadAsync("The simulator", answer, stopping);
}

internal static class Answers
{
    public static async Task<JsonNode> ReadAsync(string who, HttpResponseMessage answer, CancellationToken stopping)
    {
        var text = await answer.Content.ReadAsStringAsync(stopping);
        var request = answer.RequestMessage!;
        if (!answer.IsSuccessStatusCode) throw new DemoException($"{who} answered {(int)answer.StatusCode} to {request.Method} {request.RequestUri!.AbsolutePath}: {text}");
        return text is "" ? new JsonObject() : JsonNode.Parse(text)!;
    }
}

/// <summary>A customer; Channel is the simulator's word, messenger or instagram.</summary>
internal sealed record Person(string Id, string Name, string Channel);

/// <summary>One line of the story: who does what, and how long after the line before.</summary>
internal sealed record Line(string Who, TimeSpan? After, string Act, string? What, string Text);

/// <param name="Channel">messenger, instagram or any.</param>
/// <param name="Today">Whether it is going on now.</param>
/// <param name="Times">How many customers live through it.</param>
internal sealed record Scene(string Channel, bool Today, int Times, IReadOnlyList<Line> Lines);

/// <summary>build/demo-story.txt, which explains its own form.</summary>
internal sealed record StoryScript(IReadOnlyList<Person> Newcomers, IReadOnlyList<Scene> Scenes)
{
    private static readonly Regex Form = new(
        @"^(?<who>customer|business|bot|phone|agent|closed)(?: \+(?<number>\d+)(?<unit>[smhd]))?(?: (?<act>[a-z]+)(?: (?<what>\S+?))?)?(?:: *(?<text>.*))?$");

    public static StoryScript Read(string file)
    {
        var newcomers = new List<Person>();
        var scenes = new List<Scene>();
        var number = 0;
        foreach (var line in File.ReadLines(file).Select(line => line.Trim()))
        {
            number++;
            if (line is "" || line[0] is '#') continue;
            var parts = line.TrimStart('=').Split('|', StringSplitOptions.TrimEntries);
            if (line[0] is '=' && parts is [_, var channel, var when, var times])
                scenes.Add(new Scene(channel, when is "today", int.Parse(times, CultureInfo.InvariantCulture), new List<Line>()));
            else if (parts is ["people", "messenger" or "instagram", var names])
                newcomers.AddRange(names.Split(',', StringSplitOptions.TrimEntries).Select((name, i) => new Person(IdOf(parts[1], i), name, parts[1])));
            else if (scenes is [.., { Lines: List<Line> lines }] && Form.Match(line) is { Success: true } form)
                lines.Add(new Line(form.Groups["who"].Value, Delay(form), form.Groups["act"].Value, form.Groups["what"].Value, form.Groups["text"].Value));
            else
                throw new DemoException($"{file}, line {number} is not understood: {line}");
        }

        return new StoryScript(newcomers, scenes);
    }

    /// <summary>The same in every run.</summary>
    private static string IdOf(string channel, int index) => $"{(channel is "messenger" ? "74" : "15")}{20_406_080_100_305 + index * 7_919_070_503L}";

    private static TimeSpan? Delay(Match form) => !form.Groups["number"].Success ? null : form.Groups["unit"].Value switch
    {
        "s" => TimeSpan.FromSeconds(Number(form)),
        "m" => TimeSpan.FromMinutes(Number(form)),
        "h" => TimeSpan.FromHours(Number(form)),
        _ => TimeSpan.FromDays(Number(form)),
    };

    private static double Number(Match form) => double.Parse(form.Groups["number"].Value, CultureInfo.InvariantCulture);
}

/// <summary>A line that has its person and its time.</summary>
internal sealed record Beat(Person Person, DateTimeOffset At, Line Line);

/// <summary>The script, cast and dated: the same in every run but for the dates.</summary>
internal sealed class Story
{
    private static readonly TimeSpan Length = TimeSpan.FromDays(14);

    /// <summary>What is over, is over for a while; what goes on today began this long ago at most.</summary>
    private static readonly TimeSpan Today = TimeSpan.FromHours(5);

    private readonly Random random = new(14);
    private readonly List<Beat> past = [];
    private readonly List<(Person Person, List<Line> Lines)> live = [];

    public Story(StoryScript script, IReadOnlyList<Person> people, DateTimeOffset now)
    {
        var waiting = people.GroupBy(p => p.Channel).ToDictionary(g => g.Key, g => new Queue<Person>(Shuffled(g)));
        var scenes = Shuffled(script.Scenes.Where(s => !s.Today).SelectMany(s => Enumerable.Repeat(s, s.Times)));
        var spread = (Length - TimeSpan.FromDays(1)) / Math.Max(1, scenes.Count);
        for (var i = 0; i < scenes.Count; i++)
        {
            // In the order of their days and from a queue of people, so that nobody is in two conversations at once.
            var lasts = scenes[i].Lines.Select(DelayOf).Aggregate(TimeSpan.Zero, (sum, delay) => sum + delay);
            var begins = now - Length + spread * i + spread * random.NextDouble();
            Date(Next(scenes[i]), Min(AtDaytime(begins), now - Today - lasts * 1.1), scenes[i].Lines);
        }

        foreach (var scene in script.Scenes.Where(s => s.Today).SelectMany(s => Enumerable.Repeat(s, s.Times)))
        {
            var person = Next(scene);
            var before = scene.Lines.TakeWhile(line => line.Who is not "agent").ToList();
            var lasts = before.Select(DelayOf).Aggregate(TimeSpan.Zero, (sum, delay) => sum + delay);
            Date(person, now - lasts * 1.1 - (Today - TimeSpan.FromHours(1)) * random.NextDouble() - TimeSpan.FromMinutes(2), before);
            if (before.Count < scene.Lines.Count) live.Add((person, scene.Lines.Skip(before.Count).Select(Worded).ToList()));
        }

        past.Sort((one, other) => one.At.CompareTo(other.At));

        Person Next(Scene scene)
        {
            var queue = scene.Channel is "any" ? waiting.Values.MaxBy(q => q.Count * 1000 + random.Next(1000))! : waiting[scene.Channel];
            var person = queue.Dequeue();
            queue.Enqueue(person);
            return person;
        }
    }

    /// <summary>In the order of time, over all conversations.</summary>
    public IReadOnlyList<Beat> Past => past;

    /// <summary>What is said from now on, a conversation after the other.</summary>
    public IReadOnlyList<(Person Person, List<Line> Lines)> Live => live;

    public int Customers => past.Select(beat => beat.Person).Distinct().Count();

    public int Messages => past.Select(beat => beat.Line).Concat(live.SelectMany(l => l.Lines)).Count(IsMessage);

    public static bool IsMessage(Line line) => line is { Who: "business" or "bot" or "agent" } or { Who: "customer", Act: not ("reacts" or "edits" or "unsends") };

    private void Date(Person person, DateTimeOffset at, IEnumerable<Line> lines)
    {
        foreach (var line in lines)
        {
            at += DelayOf(line) * (1 + 0.1 * random.NextDouble());
            past.Add(new Beat(person, at, Worded(line)));
        }
    }

    /// <summary>Half as long or twice as long would be natural, too, but then two lines could change places.</summary>
    private static TimeSpan DelayOf(Line line) => line.After ?? line switch
    {
        { Who: "customer", Act: "reacts" or "edits" or "unsends" } => TimeSpan.FromSeconds(50),
        { Who: "customer" } => TimeSpan.FromMinutes(3),
        { Who: "bot" } => TimeSpan.FromSeconds(2),
        { Who: "phone", Act: "delivered" } => TimeSpan.FromSeconds(3),
        { Who: "phone" } => TimeSpan.FromMinutes(6),
        { Who: "closed" } => TimeSpan.Zero,
        _ => TimeSpan.FromMinutes(11),
    };

    /// <summary>Customers write between seven and nine, where this runs.</summary>
    private static DateTimeOffset AtDaytime(DateTimeOffset time)
    {
        var midnight = new DateTimeOffset(time.ToLocalTime().Date);
        return midnight + TimeSpan.FromHours(7) + (time - midnight) * (14.0 / 24);
    }

    private static DateTimeOffset Min(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    /// <summary>Of {one|another} it takes one.</summary>
    private Line Worded(Line line) => line with { Text = Regex.Replace(line.Text, @"\{([^}]*)\}", choice => Pick(choice.Groups[1].Value.Split('|'))) };

    private string Pick(string[] choices) => choices[random.Next(choices.Length)];

    private List<T> Shuffled<T>(IEnumerable<T> things)
    {
        var shuffled = things.ToArray();
        random.Shuffle(shuffled);
        return [.. shuffled];
    }
}

/// <summary>Lets customers and business act, each on the way on which Meta would tell the app.</summary>
internal sealed class StoryTeller(App app, SimulatedMeta meta, Story story, CancellationToken stopping)
{
    private static readonly Dictionary<string, string> TypeOfSample = new(StringComparer.Ordinal)
    {
        [".jpg"] = "image", [".png"] = "image", [".mp4"] = "video", [".mp3"] = "audio", [".pdf"] = "file",
    };

    private readonly Dictionary<string, string> lastOfCustomer = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> lastOfBusiness = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> lastWord = new(StringComparer.Ordinal);

    public async Task TellPastAsync(Action<double> progress)
    {
        for (var i = 0; i < story.Past.Count; i++)
        {
            await PlayAsync(story.Past[i].Person, story.Past[i].Line, story.Past[i].At);
            progress((i + 1.0) / story.Past.Count);
        }
    }

    public async Task WaitUntilProcessedAsync(Action<double> progress)
    {
        await meta.WaitUntilIdleAsync(stopping);
        for (var most = 1; ; await Task.Delay(100, stopping))
        {
            var pending = await app.CountPendingAsync(stopping);
            most = Math.Max(most, pending);
            progress(1.0 - (double)pending / most);
            if (pending is 0) return;
        }
    }

    public async Task TellTodayAsync(Action<double> progress)
    {
        var conversations = await app.ListConversationsAsync(stopping);
        for (var i = 0; i < story.Live.Count; i++)
        {
            var (person, lines) = story.Live[i];
            foreach (var line in lines)
            {
                if (line.Who is "agent")
                {
                    lastOfBusiness[person.Id] = await app.SendAsync(conversations[person.Id], line.Text, stopping);
                    lastWord[person.Id] = "agent";
                }
                else
                {
                    await PlayAsync(person, line, at: null);
                }

                await meta.WaitUntilIdleAsync(stopping);
            }

            progress((i + 1.0) / story.Live.Count);
        }

        await WaitUntilProcessedAsync(_ => { });
    }

    public async Task TidyUpAsync(Action<double> progress)
    {
        var done = 0;
        foreach (var (customerId, conversationId) in await app.ListConversationsAsync(stopping))
        {
            var last = lastWord.GetValueOrDefault(customerId);
            if (last is not "customer") await app.MarkReadAsync(conversationId, stopping);
            if (last is "closed") await app.CloseAsync(conversationId, stopping);
            progress(++done / (double)story.Customers);
        }
    }

    private async Task PlayAsync(Person person, Line line, DateTimeOffset? at)
    {
        if ((line.Who is "customer" && Story.IsMessage(line)) || line.Who is "business" or "closed") lastWord[person.Id] = line.Who;
        if (line.Who is "closed") return;

        var (what, details) = Describe(person, line);
        if (at is { } time) details["timestamp"] = time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        if (await meta.ActAsync(person.Id, what, details, stopping) is not { } mid) return;
        (line.Who is "customer" ? lastOfCustomer : lastOfBusiness)[person.Id] = mid;
    }

    private (string What, JsonObject Details) Describe(Person person, Line line) => line switch
    {
        { Who: "phone", Act: "delivered" } => ("delivered", []),
        { Who: "phone", Act: "read" } => ("read", []),
        { Who: "business" } => ("elsewhere", new JsonObject { ["text"] = line.Text }),
        { Who: "bot" } => ("elsewhere", new JsonObject { ["text"] = line.Text, ["appId"] = "684120937755103" }),
        { Act: "" } => ("messages", new JsonObject { ["text"] = line.Text }),
        { Act: "sends" } => ("messages", WithAttachment(line)),
        { Act: "taps" } => ("postbacks", new JsonObject { ["title"] = line.Text, ["payload"] = line.What }),
        { Act: "picks" } => ("messages", new JsonObject { ["text"] = line.Text, ["quickReply"] = line.What }),
        { Act: "quotes" } => ("messages", new JsonObject { ["text"] = line.Text, ["replyTo"] = lastOfBusiness[person.Id] }),
        { Act: "answers", What: "story" } => ("messages", new JsonObject { ["text"] = line.Text, ["storyReply"] = new JsonObject() }),
        { Act: "reacts" } => ("reactions", new JsonObject { ["emoji"] = line.Text, ["mid"] = lastOfBusiness[person.Id] }),
        { Act: "edits" } => ($"messages/{Uri.EscapeDataString(lastOfCustomer[person.Id])}/edit", new JsonObject { ["text"] = line.Text }),
        { Act: "unsends" } => ($"messages/{Uri.EscapeDataString(lastOfCustomer[person.Id])}/unsend", []),
        _ => throw new DemoException($"The story says '{line.Who} {line.Act} {line.What}', which nobody here can do."),
    };

    private static JsonObject WithAttachment(Line line)
    {
        var isSample = TypeOfSample.TryGetValue(Path.GetExtension(line.What!), out var type);
        var attachment = new JsonObject { ["type"] = isSample ? type : line.What };
        if (isSample) attachment["sample"] = line.What;
        var message = new JsonObject { ["attachments"] = new JsonArray(attachment) };
        if (line.Text is not "") message["text"] = line.Text;
        return message;
    }
}

/// <summary>Steps with a bar and a time on a terminal, plain lines elsewhere.</summary>
internal static class Screen
{
    private const int Width = 24;

    private static readonly bool IsTerminal = !Console.IsOutputRedirected;
    private static readonly bool HasColours = IsTerminal && Environment.GetEnvironmentVariable("NO_COLOR") is null or "";

    public static Task StepAsync(string title, Func<Task> work) => StepAsync(title, _ => work());

    public static async Task StepAsync(string title, Func<Action<double>, Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        var drawn = -1;
        Console.Write($"  {title} ...");
        await work(Draw);
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        Console.WriteLine(IsTerminal ? $"\r{Green("✓")} {title}, {took} s{new string(' ', Width)}" : $" {took} s");

        void Draw(double done)
        {
            var filled = (int)(Math.Clamp(done, 0, 1) * Width);
            if (!IsTerminal || filled == drawn) return;
            drawn = filled;
            Console.Write($"\r  {title} {new string('━', filled)}{new string('─', Width - filled)}");
        }
    }

    public static void Entry(string name, string value) => Console.WriteLine($"  {name,-18} {Bold(value)}");

    private static string Green(string text) => HasColours ? $"\e[32m{text}\e[0m" : text;

    private static string Bold(string text) => HasColours ? $"\e[1m{text}\e[0m" : text;
}
