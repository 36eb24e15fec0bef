using MetaMessaging.MetaSimulator.Control;
using MetaMessaging.MetaSimulator.Conversations;
using MetaMessaging.MetaSimulator.Graph;
using MetaMessaging.MetaSimulator.Media;
using MetaMessaging.MetaSimulator.OAuth;
using MetaMessaging.MetaSimulator.Phone;
using MetaMessaging.MetaSimulator.Profiles;
using MetaMessaging.MetaSimulator.Sending;
using MetaMessaging.MetaSimulator.State;
using MetaMessaging.MetaSimulator.Webhooks;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace MetaMessaging.MetaSimulator;

/// <summary>A running simulator of Meta. Several can run in one process; they share no state.</summary>
public sealed class Simulator : IAsyncDisposable
{
    private const long MaxBodyBytes = 64L * 1024 * 1024;

    private readonly WebApplication _app;

    private Simulator(WebApplication app, Uri baseAddress)
    {
        _app = app;
        BaseAddress = baseAddress;
        Control = new SimulatorControl(baseAddress);
    }

    /// <summary>Where Graph, dialog, media, pages and the control API are; ends with a slash.</summary>
    public Uri BaseAddress { get; }

    /// <summary>A typed client for the control API.</summary>
    public SimulatorControl Control { get; }

    public static async Task<Simulator> StartAsync(SimulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= SimulatorOptions.OnFreePort;
        var app = Build(options);
        await app.StartAsync(cancellationToken);

        var listening = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var reachable = listening.Replace("0.0.0.0", "localhost", StringComparison.Ordinal)
            .Replace("[::]", "localhost", StringComparison.Ordinal);
        var baseAddress = new Uri((options.PublicBaseUrl ?? reachable).TrimEnd('/') + "/");
        app.Services.GetRequiredService<PlatformHolder>().Begin(baseAddress);
        return new Simulator(app, baseAddress);
    }

    public Task WaitForShutdownAsync(CancellationToken cancellationToken = default) => _app.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Control.Dispose();
        await _app.DisposeAsync();
    }

    /// <summary>Uses an empty builder, so that the settings files of the program that hosts the simulator are not read.</summary>
    private static WebApplication Build(SimulatorOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { ApplicationName = typeof(Simulator).Assembly.GetName().Name });
        builder.WebHost.UseKestrelCore().UseUrls(options.Urls.Split(';')).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        });
        if (options.Log) builder.Logging.AddConsole().SetMinimumLevel(LogLevel.Warning);

        builder.Services.AddRouting();
        builder.Services.ConfigureHttpJsonOptions(json => ControlJson.Configure(json.SerializerOptions));
        builder.Services.Configure<Microsoft.AspNetCore.Http.Features.FormOptions>(form => form.MultipartBodyLengthLimit = MaxBodyBytes);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<HttpClients>();
        builder.Services.AddSingleton<LiveFeed>();
        builder.Services.AddSingleton<PlatformHolder>();

        var app = builder.Build();
        app.UseMiddleware<ControlErrors>();
        app.UseRouting();
        Map(app, app.Services.GetRequiredService<HttpClients>());
        return app;
    }

    private static void Map(WebApplication app, HttpClients http)
    {
        DialogEndpoints.Map(app);
        MediaEndpoints.Map(app);
        SiteFiles.Map(app);
        ControlApi.Map(app);

        var routes = GraphApi(http);
        var pipeline = new GraphPipeline(routes);
        BatchOperation.Map(routes, pipeline);
        app.MapPost("/", (HttpContext context, Platform platform) =>
            pipeline.HandleAsync(context, platform, BatchOperation.DefaultVersion, null));
        app.Map("/{version:regex(^v\\d+\\.\\d+$)}/{**path}", (string version, string? path, HttpContext context, Platform platform) =>
            pipeline.HandleAsync(context, platform, version, path));
    }

    private static GraphRoutes GraphApi(HttpClients http)
    {
        var routes = new GraphRoutes();
        TokenEndpoints.Map(routes);
        UserNodes.Map(routes);
        PageNodes.Map(routes);
        ProfileNode.Map(routes);
        MessengerProfileEdge.Map(routes);
        PersonaNodes.Map(routes);
        ConversationNodes.Map(routes);
        SubscriptionEdges.Map(routes, http.Webhooks);
        SendEdge.Map(routes);
        UploadEdge.Map(routes);
        ThreadControlEdges.Map(routes);
        return routes;
    }
}
