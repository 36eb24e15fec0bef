using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MetaMessaging.WebUI;

/// <summary>
/// Reports ready while database and media can be written, and the keys are there. The schema was migrated before the first request.
/// </summary>
internal sealed class DatabaseHealth(IStorageHealth storage) : IHealthCheck
{
    /// <summary>In seconds, as of a delivery that cannot be stored.</summary>
    private const string RetryAfter = "5";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await storage.FindProblemAsync(cancellationToken) is { } problem
            ? HealthCheckResult.Unhealthy(problem)
            : HealthCheckResult.Healthy();

    /// <summary>"Healthy", or "Unhealthy: The disk is full."</summary>
    public static Task WriteAsync(HttpContext context, HealthReport report)
    {
        var problems = report.Entries.Values.Select(entry => entry.Description).Where(description => description is { Length: > 0 });
        context.Response.ContentType = "text/plain";
        if (report.Status is HealthStatus.Unhealthy) context.Response.Headers.RetryAfter = RetryAfter;
        return context.Response.WriteAsync(string.Join(": ", [$"{report.Status}", .. problems]), context.RequestAborted);
    }
}
