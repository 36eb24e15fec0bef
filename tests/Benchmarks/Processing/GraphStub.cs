using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MetaMessaging.Benchmarks.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MetaMessaging.Benchmarks.Processing;

/// <summary>A Meta that answers whatever is asked about a customer at once, so that enrichment runs as it does in life.</summary>
internal static class GraphStub
{
    public static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder([ServerProcess.WatchNothing]);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:" + FreePort().ToString(CultureInfo.InvariantCulture));
        app.MapGet("/{**path}", (string path) => TypedResults.Json(new { id = path.Split('/')[^1], first_name = "Nora", last_name = "Berg" }));
        await app.StartAsync();
        return app;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
