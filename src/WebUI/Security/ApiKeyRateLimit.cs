using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace MetaMessaging.WebUI.Security;

/// <summary>No key takes the server from the others: each has a bucket of calls that fills steadily. People are not limited.</summary>
internal static class ApiKeyRateLimit
{
    public static IServiceCollection AddApiKeyRateLimit(this IServiceCollection services, IConfiguration configuration)
    {
        var perSecond = configuration.GetValue("ApiKeys:CallsPerSecond", 100);
        var bucket = new TokenBucketRateLimiterOptions
        {
            TokenLimit = 10 * perSecond,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        };
        return services.AddRateLimiter(options =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, long>(context =>
                context.RequestServices.GetRequiredService<CallerContext>().Key is { } key
                    ? RateLimitPartition.GetTokenBucketLimiter(key.Id, _ => bucket)
                    : RateLimitPartition.GetNoLimiter(0L));
            options.OnRejected = RefuseAsync;
        });
    }

    private static async ValueTask RefuseAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var known) ? known : TimeSpan.FromSeconds(1);
        var response = rejected.HttpContext.Response;
        response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        await rejected.HttpContext.RequestServices.GetRequiredService<IProblemDetailsService>().TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = rejected.HttpContext,
            ProblemDetails = new ProblemDetails
            {
                Status = response.StatusCode,
                Title = "Too many calls",
                Detail = "This key has used up its calls for now. The header Retry-After says in how many seconds it may call again.",
            },
        });
    }
}
