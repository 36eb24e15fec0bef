using Microsoft.Extensions.Logging.Abstractions;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace MetaMessaging.Infrastructure.Graph;

/// <summary>A time limit for each call, and up to two retries for reads. Sends are not idempotent: their row schedules retries.</summary>
internal static class GraphResilience
{
    /// <summary>The request option of a POST that may be sent twice.</summary>
    public const string Repeatable = "repeatable";

    private const int MaxReadRetries = 2;

    public static void Configure(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, GraphOptions options, TimeProvider clock)
    {
        pipeline.TimeProvider = clock;
        pipeline.ConfigureTelemetry(NullLoggerFactory.Instance);   // would log every attempt of every call; GraphMeter counts the outcomes
        pipeline
            .AddTimeout(new TimeoutStrategyOptions
            {
                TimeoutGenerator = arguments => new(TimeoutOf(arguments.Context.GetRequestMessage()!, options)),
            })
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = MaxReadRetries,
                Delay = options.ReadRetryDelay,
                BackoffType = DelayBackoffType.Linear,
                ShouldHandle = arguments => new(
                    arguments.Outcome.Exception is GraphException { Refusal.Class: RefusalClass.Transient }
                    && IsRepeatable(arguments.Context.GetRequestMessage()!)),
            });
    }

    private static bool IsRepeatable(HttpRequestMessage request) =>
        request.Method == HttpMethod.Get || request.Options.TryGetValue(new HttpRequestOptionsKey<bool>(Repeatable), out _);

    private static TimeSpan TimeoutOf(HttpRequestMessage request, GraphOptions options) => GraphHandler.KindOf(request) switch
    {
        GraphCall.Send => options.SendTimeout,
        GraphCall.Upload => options.UploadTimeout,
        _ => options.ReadTimeout,
    };
}
