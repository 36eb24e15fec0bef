using System.Text;
using System.Text.Json;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using MetaMessaging.Infrastructure.Graph;
using MetaMessaging.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace MetaMessaging.Infrastructure.Tests.Graph;

/// <summary>The Graph client as it is registered, calling a stub server in this process.</summary>
public abstract class GraphTest : IAsyncLifetime
{
    protected const string Page = "109876543210987";
    protected const string PageToken = "EAABpage";
    protected const string UserToken = "EAABuser";
    protected const string Psid = "7654321098765432";
    protected const string Igsid = "1234567890123456";
    protected const string SyntheticToken = "EAABSyntheticTokenDoNotUseSyntheticTokenDoNotUseSyntheticTokenDoNotUse";

    protected static readonly Uri RedirectUri = new("https://gw.example/integrations/meta-messaging/oauth/callback");
    protected static readonly Uri WebhookUrl = new("https://gw.example/integrations/meta-messaging/webhook");
    protected static readonly DateTimeOffset Now = new(2025, 10, 9, 8, 53, 20, TimeSpan.Zero);
    protected static readonly Recipient OnMessenger = new(Channel.FacebookMessenger, Page, PageToken, null, Psid);
    protected static readonly Recipient OnInstagram = new(Channel.InstagramDm, Page, PageToken, "17841400000000001", Igsid);

    private readonly LogLines logs = new();
    private ServiceProvider services = null!;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected StubServer Meta { get; private set; } = null!;

    protected FakeTimeProvider Clock { get; } = new(Now);

    protected string Logged => logs.All;

    protected IMetaOAuth OAuth => services.GetRequiredService<IMetaOAuth>();

    protected IMetaPages Pages => services.GetRequiredService<IMetaPages>();

    protected IMetaMessages Messages => services.GetRequiredService<IMetaMessages>();

    protected IMetaProfiles Profiles => services.GetRequiredService<IMetaProfiles>();

    public async ValueTask InitializeAsync()
    {
        Meta = await StubServer.StartAsync();
        services = Services(Meta.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await Meta.DisposeAsync();
    }

    /// <summary>Of two reads of conversations the second waits half a second, on the test's clock.</summary>
    protected async Task<T> AsTimePasses<T>(Task<T> reading)
    {
        await Until.True(
            () =>
            {
                Clock.Advance(TimeSpan.FromMilliseconds(50));
                return reading.IsCompleted;
            },
            "the read has ended");
        return await reading;
    }

    protected static async Task<Refusal> Refused(Func<Task> call) => (await Assert.ThrowsAsync<GraphException>(call)).Refusal;

    protected static void AssertJson(string expected, string actual)
    {
        using var expectedJson = JsonDocument.Parse(expected);
        using var actualJson = JsonDocument.Parse(actual);
        Assert.True(JsonElement.DeepEquals(expectedJson.RootElement, actualJson.RootElement), actual);
    }

    protected static async Task<Uri> ClosedPort()
    {
        await using var closing = await StubServer.StartAsync();
        return closing.Address;
    }

    protected ServiceProvider Services(Uri address, params (string Key, string Value)[] settings) =>
        Services(address, new KnownMetaApp(), settings);

    protected ServiceProvider Services(Uri address, IMetaApp metaApp, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
            [
                new("Meta:GraphBaseUrl", address.AbsoluteUri),
                new("Meta:DialogBaseUrl", address.AbsoluteUri),
                new("Meta:ReadRetryDelay", "00:00:00"),
            ])
            .AddInMemoryCollection(settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value)))
            .Build();

        return new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs))
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton(metaApp)
            .AddSingleton<IDispatcher>(new FakeDispatcher())
            .AddSingleton<INodes>(new FakeNodes())
            .AddMetrics()
            .AddGraph(configuration)
            .BuildServiceProvider(validateScopes: true);
    }
}

/// <summary>Keeps everything that is logged, at every level.</summary>
internal sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly StringBuilder lines = new();

    public string All
    {
        get
        {
            lock (lines) return lines.ToString();
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull
    {
        lock (lines) lines.Append(state).AppendLine();
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (lines) lines.AppendLine(formatter(state, exception)).Append(exception).AppendLine();
    }

    public void Dispose() { }
}
