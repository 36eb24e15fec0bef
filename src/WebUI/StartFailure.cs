using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Serilog.Events;

namespace MetaMessaging.WebUI;

/// <summary>Settings with which the app cannot start. The reason is one line for the operator; a stack trace would hide it.</summary>
internal static class StartFailure
{
    private const string AddressKey = "urls";

    /// <returns>The line, which names the setting; null when the exception is a bug.</returns>
    public static string? LineOf(Exception exception) => Describe(exception)?.ReplaceLineEndings(" ").Trim();

    /// <summary>
    /// The host and Kestrel log what ended the start, with its stack trace; the line says it. A signal to stop while it starts is no error.
    /// </summary>
    public static bool IsLoggedTwice(LogEvent entry) => entry is { Level: >= LogEventLevel.Error, Exception: { } exception }
        && entry.Properties.TryGetValue("SourceContext", out var source)
        && source.ToString().Trim('"') is "Microsoft.Extensions.Hosting.Internal.Host" or "Microsoft.AspNetCore.Server.Kestrel"
        && (exception is OperationCanceledException || Describe(exception) is not null);

    private static string? Describe(Exception exception) => exception switch
    {
        SettingException or UpkeepException => exception.Message,
        OptionsValidationException invalid => string.Join(" ", invalid.Failures),
        AggregateException several when several.InnerExceptions.All(e => e is OptionsValidationException) =>
            string.Join(" ", several.InnerExceptions.Select(Describe)),
        InvalidDataException => exception.GetBaseException().Message == exception.Message   // a settings file that is no JSON
            ? exception.Message
            : $"{exception.Message} {exception.GetBaseException().Message}",
        InvalidOperationException when exception.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal) =>
            exception.Message,
        IOException { InnerException: AddressInUseException } or SocketException => $"{AddressKey}: {exception.Message}",
        ArgumentOutOfRangeException { ParamName: "port" } => $"{AddressKey}: a port lies between 0 and 65535.",
        FormatException or InvalidOperationException when IsAboutAddress(exception.Message) => $"{AddressKey}: {exception.Message}",
        _ => null,
    };

    /// <summary>Kestrel's words for an address that it cannot listen on.</summary>
    private static bool IsAboutAddress(string message) =>
        message.StartsWith("Invalid url", StringComparison.Ordinal)
        || message.StartsWith("Unrecognized scheme in server address", StringComparison.Ordinal)
        || message.StartsWith("Unable to configure HTTPS endpoint", StringComparison.Ordinal);
}
