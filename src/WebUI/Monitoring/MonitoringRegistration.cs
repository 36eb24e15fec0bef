using MediatR;
using MetaMessaging.WebUI.Security;
using OpenTelemetry.Metrics;

namespace MetaMessaging.WebUI.Monitoring;

internal static class MonitoringRegistration
{
    public static IServiceCollection AddMonitoring(this IServiceCollection services)
    {
        services.AddSingleton<WebhookMeter>();
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(WebhookMeter.Name, "MetaMessaging.Inbound", "MetaMessaging.Outbound")
            .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting")
            .AddHttpClientInstrumentation()
            .AddRuntimeInstrumentation()
            .AddPrometheusExporter());
        return services;
    }

    /// <summary>For ops, as everything about the way in: Prometheus comes with a token of theirs.</summary>
    public static void MapMonitoring(this IEndpointRouteBuilder routes) => routes
        .MapPrometheusScrapingEndpoint("/metrics", meterProvider: null, optionsName: null, configureBranchedPipeline: branch => branch.Use(async (context, next) =>
        {
            await context.RequestServices.GetRequiredService<WebhookMeter>().ReadAsync(context.RequestServices.GetRequiredService<IMediator>(), context.RequestAborted);
            await next(context);
        }))
        .RequireAuthorization(Policies.Ops);
}
