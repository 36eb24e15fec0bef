using System.Text.Json;

namespace MetaMessaging.Application.Common;

internal static class StoredPayload
{
    /// <summary>A sender may nest as deeply as it likes.</summary>
    public static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    /// <summary>What Meta sends is a dozen levels deep, and the parser takes 64.</summary>
    private const int MaxDepth = 48;

    /// <returns>The same with null in place of every object and array that lies too deep to be read.</returns>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static byte[] WithoutDepths(this byte[] payload)
    {
        var places = new List<Range>();
        var reader = new Utf8JsonReader(payload, AnyDepth);
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray) || reader.CurrentDepth < MaxDepth) continue;

            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            places.Add(start..(int)reader.BytesConsumed);
        }

        return payload.With(places, "null"u8);
    }

    /// <summary>Puts something else in each of the places; all other bytes stay as they came.</summary>
    /// <param name="places">In their order, and apart from each other.</param>
    public static byte[] With(this byte[] payload, IReadOnlyList<Range> places, ReadOnlySpan<byte> inPlace)
    {
        using var changed = new MemoryStream(payload.Length);
        var copied = 0;
        foreach (var place in places)
        {
            changed.Write(payload, copied, place.Start.Value - copied);
            changed.Write(inPlace);
            copied = place.End.Value;
        }

        changed.Write(payload, copied, payload.Length - copied);
        return changed.ToArray();
    }
}
