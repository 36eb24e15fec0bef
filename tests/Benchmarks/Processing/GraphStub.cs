using System.Globalization;
using MetaMessaging.Benchmarks.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MetaMessaging.Benchmarks.Processing;

/// <summary>A Graph API that answers every profile request at once, so that contacts are enriched as in production.</summary>
internal static class GraphStub
{
    public static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder([ServerProcess.NoFileWatching]);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:" + ServerProcess.FindFreePort().ToString(CultureInfo.InvariantCulture));
        app.MapGet(
            "/{**path}", (string path) => TypedResults.Json(new { id = path.Split('/')[^1], first_name = "Nora", last_name = "Berg" }));
        await app.StartAsync();
        return app;
    }
}
