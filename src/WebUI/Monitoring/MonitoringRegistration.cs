using OpenTelemetry.Metrics;

namespace MetaMessaging.WebUI.Monitoring;

internal static class MonitoringRegistration
{
    public static IServiceCollection AddMonitoring(this IServiceCollection services)
    {
        services.AddSingleton<WebhookMeter>();
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(WebhookMeter.Name, "MetaMessaging.Inbound", "MetaMessaging.Outbound", "MetaMessaging.Database")
            .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting")
            .AddHttpClientInstrumentation()
            .AddRuntimeInstrumentation()
            .AddPrometheusExporter());
        return services;
    }

    /// <summary>Requires the ops policy: Prometheus sends the token of an ops user, or an API key with that scope.</summary>
    public static void MapMonitoring(this IEndpointRouteBuilder routes) => routes
        .MapPrometheusScrapingEndpoint(
            "/metrics", meterProvider: null, configureBranchedPipeline: branch => branch.Use(ReadFiguresAsync), optionsName: null)
        .RequireAuthorization(Policies.Ops);

    private static async Task ReadFiguresAsync(HttpContext context, RequestDelegate next)
    {
        var services = context.RequestServices;
        await services.GetRequiredService<WebhookMeter>().ReadAsync(services.GetRequiredService<IMediator>(), context.RequestAborted);
        await next(context);
    }
}
