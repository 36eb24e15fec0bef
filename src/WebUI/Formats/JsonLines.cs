using System.Text.Json;

namespace MetaMessaging.WebUI.Formats;

internal static class JsonLines
{
    public const string ContentType = "application/jsonl";

    /// <summary>One object a line, in the API's own shape.</summary>
    public static async Task WriteAsync<T>(
        IAsyncEnumerable<T> items, Stream output, JsonSerializerOptions options, CancellationToken cancellationToken)
    {
        await foreach (var item in items.WithCancellation(cancellationToken))
        {
            await JsonSerializer.SerializeAsync(output, item, options, cancellationToken);
            await output.WriteAsync("\n"u8.ToArray(), cancellationToken);
        }
    }
}
