using System.Diagnostics;

namespace MetaMessaging.Application.Common;

/// <summary>The activities of this app, for OpenTelemetry. Without a listener none is created.</summary>
public static class Tracing
{
    public const string SourceName = "MetaMessaging";

    internal static readonly ActivitySource Source = new(SourceName);
}
