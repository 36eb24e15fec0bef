using System.Diagnostics;
using System.Text.RegularExpressions;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MetaMessaging.WebUI.Monitoring;

internal static partial class MonitoringRegistration
{
    private const string EndpointKey = "OpenTelemetry:Endpoint";

    /// <summary>Registered for OTLP over gRPC; collectors take OTLP over HTTP at 4318, or at an address of their own.</summary>
    private const int GrpcPort = 4317;

    public static IServiceCollection AddMonitoring(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IFigureMeter, WebhookMeter>();
        services.AddSingleton<IFigureMeter, InstallationMeter>();
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("metamessaging", serviceInstanceId: Environment.MachineName))
            .WithMetrics(metrics => metrics
                .AddMeter(WebhookMeter.Name, InstallationMeter.Name, "MetaMessaging.Inbound", "MetaMessaging.Outbound")
                .AddMeter("MetaMessaging.Database", "MetaMessaging.Nodes")
                .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting")
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .SetExemplarFilter(ExemplarFilterType.TraceBased)
                .AddPrometheusExporter());
        if (EndpointIn(configuration) is not { } endpoint) return services;

        // Nothing is traced unless the traces go somewhere.
        services.AddHostedService<FigureReader>();
        telemetry
            .WithTracing(tracing => tracing
                .AddSource(Tracing.SourceName)
                .AddAspNetCoreInstrumentation(options => options.EnrichWithHttpResponse = HideToken)
                .AddHttpClientInstrumentation(options => options.EnrichWithHttpRequestMessage = HideIds))
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

    /// <summary>Meta's ids of customers are parts of addresses of the Graph API. Queries are left out already.</summary>
    private static void HideIds(Activity activity, HttpRequestMessage request)
    {
        if (request.RequestUri is { } address)
            activity.SetTag("url.full", $"{address.GetLeftPart(UriPartial.Authority)}{LongNumber().Replace(address.AbsolutePath, "{id}")}");
    }

    [GeneratedRegex("[0-9]{8,}")]
    private static partial Regex LongNumber();

    private static async Task ReadFiguresAsync(HttpContext context, RequestDelegate next)
    {
        var services = context.RequestServices;
        foreach (var meter in services.GetServices<IFigureMeter>())
            await meter.ReadAsync(services.GetRequiredService<IMediator>(), context.RequestAborted);
        await next(context);
    }
}
