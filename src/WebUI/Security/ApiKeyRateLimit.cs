using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace MetaMessaging.WebUI.Security;

/// <summary>
/// Limits each API key by a token bucket, so that one client cannot use up the capacity of the servers. For users there is only
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
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<INodes>((options, nodes) =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            var buckets = PartitionedRateLimiter.Create<HttpContext, long>(context =>
                context.RequestServices.GetRequiredService<CallerContext>().Key is { } key
                    ? RateLimitPartition.GetTokenBucketLimiter(key.Id, _ => limit)
                    : RateLimitPartition.GetNoLimiter(0L));
            options.GlobalLimiter = new SharedLimiter(buckets, limit.TokenLimit, nodes);
            options.OnRejected = RefuseAsync;
        });
        return services;
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

    /// <summary>Of several nodes each allows its share: a call takes as many tokens as there are nodes.</summary>
    private sealed class SharedLimiter(PartitionedRateLimiter<HttpContext> buckets, int maxTokens, INodes nodes)
        : PartitionedRateLimiter<HttpContext>
    {
        public override RateLimiterStatistics? GetStatistics(HttpContext resource) => buckets.GetStatistics(resource);

        protected override RateLimitLease AttemptAcquireCore(HttpContext resource, int permitCount) =>
            buckets.AttemptAcquire(resource, TokensOf(permitCount));

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(
            HttpContext resource, int permitCount, CancellationToken cancellationToken) =>
            buckets.AcquireAsync(resource, TokensOf(permitCount), cancellationToken);

        protected override void Dispose(bool disposing)
        {
            if (disposing) buckets.Dispose();
            base.Dispose(disposing);
        }

        protected override async ValueTask DisposeAsyncCore()
        {
            await buckets.DisposeAsync();
            await base.DisposeAsyncCore();
        }

        private int TokensOf(int calls) => Math.Min(calls * nodes.LiveCount, maxTokens);
    }
}
