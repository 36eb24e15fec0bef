using Microsoft.Extensions.Logging;

namespace MetaMessaging.Infrastructure.Tests.Inbound;

/// <summary>Counts what is logged as an error.</summary>
internal sealed class CountingLogger<T> : ILogger<T>
{
    private int errors;

    public int Errors => errors;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Error) Interlocked.Increment(ref errors);
    }
}
