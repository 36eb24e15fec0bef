using Microsoft.AspNetCore.SignalR;

namespace MetaMessaging.WebUI.Live;

/// <summary>Sends to browsers without waiting for them: one that has stopped reading would delay everybody else for ten seconds.</summary>
internal static partial class BrowserPosts
{
    public static void Post(this IClientProxy browsers, string name, ILogger logger) => Observe(browsers.SendAsync(name), logger);

    public static void Post(this IClientProxy browsers, string name, object value, ILogger logger) =>
        Observe(browsers.SendAsync(name, value), logger);

    private static void Observe(Task sending, ILogger logger)
    {
        if (!sending.IsCompletedSuccessfully) _ = LogFailureAsync(sending, logger);
    }

    private static async Task LogFailureAsync(Task sending, ILogger logger)
    {
        try
        {
            await sending;
        }
        catch (Exception exception)
        {
            LogNotSent(logger, exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A live update could not be sent to the browsers")]
    private static partial void LogNotSent(ILogger logger, Exception exception);
}
