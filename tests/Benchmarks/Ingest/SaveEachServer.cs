using MetaMessaging.Application;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Infrastructure;
using MetaMessaging.Infrastructure.Persistence;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MetaMessaging.Benchmarks.Ingest;

/// <summary>
/// The straightforward implementation for comparison: one SaveChanges for each delivery, with the product's context and pragmas.
/// </summary>
internal static class SaveEachServer
{
    public const string Name = "save-each";

    public static async Task RunAsync(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.ClearProviders();
        builder.Services.AddApplication();
        builder.Services.AddInfrastructure(builder.Configuration);
        builder.Services.RemoveAll<IHostedService>();   // no background service may write; the web server adds its own later
        var app = builder.Build();
        await app.Services.PrepareDatabaseAsync();

        app.MapGet("/health/ready", () => TypedResults.Ok());
        app.MapPost(IngestWebhook.Path, async (HttpRequest request, AppDbContext db) =>
        {
            if (await FloorServer.ReadSignedAsync(request) is not { } body) return Results.StatusCode(StatusCodes.Status403Forbidden);

            db.WebhookDeliveries.Add(new WebhookDelivery(body, DateTimeOffset.UtcNow));
            await db.SaveChangesAsync();
            return Results.Text("EVENT_RECEIVED", "text/plain");
        });

        await app.RunAsync();
    }
}
