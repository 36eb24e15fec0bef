using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace MetaMessaging.WebUI.Security;

/// <summary>
/// Limits each API key by a token bucket, so that one client cannot use up the capacity of the server. For users there is only
/// <see cref="SignInLimit"/>.
/// </summary>
internal static class ApiKeyRateLimit
{
    public static IServiceCollection AddApiKeyRateLimit(this IServiceCollection services, IConfiguration configuration)
    {
        var callsPerSecond = configuration.GetValue("ApiKeys:CallsPerSecond", 100);
        if (callsPerSecond is < 1 or > 1_000_000) throw new SettingException("ApiKeys:CallsPerSecond lies between 1 and 1,000,000.");
        var limit = new TokenBucketRateLimiterOptions
        {
            TokenLimit = 10 * callsPerSecond, TokensPerPeriod = callsPerSecond, ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        };
        return services.AddRateLimiter(options =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, long>(context =>
                context.RequestServices.GetRequiredService<CallerContext>().Key is { } key
                    ? RateLimitPartition.GetTokenBucketLimiter(key.Id, _ => limit)
                    : RateLimitPartition.GetNoLimiter(0L));
            options.OnRejected = RefuseAsync;
        });
    }

    private static async ValueTask RefuseAsync(OnRejectedContext context, CancellationToken cancellationToken)
    {
        var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter) ? retryAfter : TimeSpan.FromSeconds(1);
        var response = context.HttpContext.Response;
        response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        await context.HttpContext.RequestServices.GetRequiredService<IProblemDetailsService>().TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = context.HttpContext,
            ProblemDetails = new ProblemDetails
            {
                Status = response.StatusCode,
                Title = "Too many calls",
                Detail = "This key has used up its calls for now. The header Retry-After says in how many seconds it may call again.",
            },
        });
    }
}
