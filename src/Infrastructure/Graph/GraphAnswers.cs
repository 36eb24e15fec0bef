namespace MetaMessaging.Infrastructure.Graph;

internal static class GraphAnswers
{
    /// <summary>2025-10-09T08:53:20+0000: .NET does not parse an offset without a colon as ISO 8601.</summary>
    private static readonly string[] TimeFormats = ["yyyy-MM-dd'T'HH:mm:ss'+0000'", "yyyy-MM-dd'T'HH:mm:sszzz"];

    /// <summary>For what is worth asking and not worth failing for.</summary>
    public static async Task<T?> NullIfRefusedAsync<T>(Task<T> call) where T : class
    {
        try
        {
            return await call;
        }
        catch (GraphException)
        {
            return null;
        }
    }

    public static GraphException Incomplete(string field, GraphCall call = GraphCall.Read) =>
        new(GraphErrors.NoAnswer($"Meta's answer has no {field}.", call));

    public static DateTimeOffset? Time(long? unixSeconds) =>
        unixSeconds is > 0 and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(unixSeconds.Value) : null;

    public static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;
}
