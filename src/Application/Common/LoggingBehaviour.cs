using System.Diagnostics;

namespace MetaMessaging.Application.Common;

/// <summary>Logs the name and duration of each request, never its content, which may be the text of a message.</summary>
internal sealed partial class LoggingBehaviour<TRequest, TResponse>(ILogger<LoggingBehaviour<TRequest, TResponse>> logger)
    : IPipelineBehavior<TRequest, TResponse> where TRequest : IRequest<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        if (!logger.IsEnabled(LogLevel.Debug)) return await next();

        var started = Stopwatch.GetTimestamp();
        try
        {
            return await next();
        }
        finally
        {
            LogHandled(typeof(TRequest).Name, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    [LoggerMessage(LogLevel.Debug, "{Request} took {Milliseconds:0.0} ms")]
    private partial void LogHandled(string request, double milliseconds);
}
