using System.Text.Json;

namespace MetaMessaging.Domain.Inbound;

/// <summary>A share of the deliveries, which one node at a time processes in order: all deliveries of a Page or Instagram account are in
/// the same one. Stored with each delivery, so the number never changes.</summary>
public static class DeliveryPartition
{
    public const int Count = 16;

    /// <param name="payload">The body of a delivery, which may be anything; what names no account is in partition 0.</param>
    /// <returns>0 to 15, by the first entry's id. Meta puts entries of several accounts into one delivery only rarely.</returns>
    public static int Of(ReadOnlySpan<byte> payload)
    {
        try
        {
            var reader = new Utf8JsonReader(payload);
            if (!reader.Read() || !MoveTo(ref reader, "entry"u8) || reader.TokenType is not JsonTokenType.StartArray) return 0;
            if (!reader.Read() || !MoveTo(ref reader, "id"u8)) return 0;
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number)) return 0;
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(reader.ValueSpan, hash);
            return hash[0] % Count;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)   // half a surrogate in a name
        {
            return 0;
        }
    }

    /// <summary>From the start of an object to the value of its property.</summary>
    private static bool MoveTo(ref Utf8JsonReader reader, ReadOnlySpan<byte> property)
    {
        if (reader.TokenType is not JsonTokenType.StartObject) return false;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(property)) return reader.Read();
            reader.Skip();
        }

        return false;
    }
}
