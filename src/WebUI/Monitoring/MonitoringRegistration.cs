using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MetaMessaging.WebUI.Monitoring;

internal static class MonitoringRegistration
{
    private const string EndpointKey = "OpenTelemetry:Endpoint";

    /// <summary>Registered for OTLP over gRPC; collectors take OTLP over HTTP at 4318, or at an address of their own.</summary>
    private const int GrpcPort = 4317;

    public static IServiceCollection AddMonitoring(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<WebhookMeter>();
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("metamessaging", serviceInstanceId: Environment.MachineName))
            .WithMetrics(metrics => metrics
                .AddMeter(WebhookMeter.Name, "MetaMessaging.Inbound", "MetaMessaging.Outbound", "MetaMessaging.Database")
                .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting")
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddPrometheusExporter());
        if (EndpointIn(configuration) is not { } endpoint) return services;

        // Nothing is traced unless the traces go somewhere.
        services.AddHostedService<WebhookFigureReader>();
        telemetry
            .WithTracing(tracing => tracing
                .AddSource(Tracing.SourceName)
                .AddAspNetCoreInstrumentation(options => options.EnrichWithHttpResponse = HideToken)
                .AddHttpClientInstrumentation())
            .UseOtlpExporter(endpoint.Port == GrpcPort ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf, endpoint);
        return services;
    }

    /// <summary>Requires the ops policy: Prometheus sends the token of an ops user, or an API key with that scope.</summary>
    public static void MapMonitoring(this IEndpointRouteBuilder routes) => routes
        .MapPrometheusScrapingEndpoint(
            "/metrics", meterProvider: null, configureBranchedPipeline: branch => branch.Use(ReadFiguresAsync), optionsName: null)
        .RequireAuthorization(Policies.Ops);

    private static Uri? EndpointIn(IConfiguration configuration)
    {
        if (configuration[EndpointKey] is not { Length: > 0 } text) return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https"
            ? endpoint
            : throw new SettingException($"{EndpointKey}: {text} is not an address such as http://localhost:4317.");
    }

    /// <summary>Whoever knows the address of an invitation or a password reset can use it. Queries are left out already.</summary>
    private static void HideToken(Activity activity, HttpResponse response)
    {
        if (response.HttpContext.GetRouteValue("token") is string && response.HttpContext.GetEndpoint() is RouteEndpoint route)
            activity.SetTag("url.path", $"/{route.RoutePattern.RawText?.TrimStart('/')}");
    }

    private static async Task ReadFiguresAsync(HttpContext context, RequestDelegate next)
    {
        var services = context.RequestServices;
        await services.GetRequiredService<WebhookMeter>().ReadAsync(services.GetRequiredService<IMediator>(), context.RequestAborted);
        await next(context);
    }
}
