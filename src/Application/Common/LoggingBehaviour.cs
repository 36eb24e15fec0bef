using System.Diagnostics;

namespace MetaMessaging.Application.Common;

/// <summary>Traces and logs the name and duration of each request, never its content, which may be the text of a message.</summary>
internal sealed partial class LoggingBehaviour<TRequest, TResponse>(ILogger<LoggingBehaviour<TRequest, TResponse>> logger)
    : IPipelineBehavior<TRequest, TResponse> where TRequest : IRequest<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        if (!logger.IsEnabled(LogLevel.Debug) && !Tracing.Source.HasListeners()) return await next();

        using var activity = Tracing.Source.StartActivity(typeof(TRequest).Name);
        var started = Stopwatch.GetTimestamp();
        try
        {
            return await next();
        }
        catch (Exception exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
            throw;
        }
        finally
        {
            LogHandled(typeof(TRequest).Name, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    [LoggerMessage(LogLevel.Debug, "{Request} took {Milliseconds:0.0} ms")]
    private partial void LogHandled(string request, double milliseconds);
}
