using MetaMessaging.Application;
using MetaMessaging.Infrastructure;
using MetaMessaging.Infrastructure.Maintenance;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.WebUI;
using Microsoft.Extensions.Options;

WebApplication? app;
if (args is ["health", .. var settings]) return await HealthProbe.RunAsync(settings);
try
{
    if (await UpkeepCommands.RunAsync(args, Build) is { } exitCode) return exitCode;
    app = await StartAsync(args);
}
catch (Exception exception) when (StartFailure.LineOf(exception) is { } line)
{
    Console.Error.WriteLine(line);
    return 1;
}

if (app is null) return 0;
await using (app) await app.WaitForShutdownAsync();
return 0;

static WebApplication Build(string[] args)
{
    // Settings files are not watched: the watcher covers their folder, so every write to the database in it would wake it up.
    var builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false", .. args]);
    builder.Services.AddApplication();
    builder.Services.AddInfrastructure(builder.Configuration);
    builder.AddWebUI();
    return builder.Build();
}

// Returns null when the app was stopped while it started.
static async Task<WebApplication?> StartAsync(string[] args)
{
    var app = Build(args);
    try
    {
        app.Services.GetRequiredService<IStartupValidator>().Validate();   // the host would do it after the database was created
        ListenAddresses.EnsureFree(app);
        await app.Services.PrepareStorageAsync();
        // On two processors: the database takes longest, because EF Core builds its model for it.
        await Task.WhenAll(Task.Run(() => app.Services.PrepareDatabaseAsync()), Task.Run(() => MapRoutes(app)));
        app.MapJobs();
        await app.StartAsync();
        return app;
    }
    catch (Exception exception)
    {
        var wasStopped = app.Lifetime.ApplicationStopping.IsCancellationRequested;
        await app.StopAsync();   // workers start before the address is bound
        await app.DisposeAsync();
        if (wasStopped && exception is OperationCanceledException) return null;
        throw;
    }
}

static void MapRoutes(WebApplication app)
{
    app.UseWebUI();
    app.MapWebUI();
    // Runs the code that builds them, which has to be compiled and to inspect the types of requests and answers.
    foreach (var source in ((IEndpointRouteBuilder)app).DataSources) _ = source.Endpoints;
}

/// <summary>Public, so that tests can start the app through its own entry point.</summary>
public partial class Program;
