using System.Text.Json;
using MetaMessaging.Application.Common;

namespace MetaMessaging.Application.Inbound;

/// <summary>Takes one message out of a stored delivery, so that a replay finds only that it is gone. All other bytes stay as they came.</summary>
internal static class Redaction
{
    /// <returns>Null when the delivery holds nothing of that message.</returns>
    public static byte[]? Of(byte[] payload, string mid)
    {
        var places = Find(payload, mid);
        if (places.Count == 0) return null;

        // An edit becomes an unsend as well: replayed, it must not bring its text back.
        byte[] tombstone = [.. "\"message\":{\"mid\":"u8, .. JsonSerializer.SerializeToUtf8Bytes(mid), .. ",\"is_deleted\":true}"u8];
        return places.TrueForAll(place => payload.AsSpan(place).SequenceEqual(tombstone)) ? null : payload.With(places, tombstone);
    }

    private static List<Range> Find(byte[] payload, string mid)
    {
        var places = new List<Range>();
        try
        {
            var reader = new Utf8JsonReader(payload, StoredPayload.AnyDepth);
            while (reader.Read())
            {
                if (reader.TokenType is not JsonTokenType.PropertyName) continue;
                if (!reader.ValueTextEquals("message"u8) && !reader.ValueTextEquals("message_edit"u8)) continue;

                var start = (int)reader.TokenStartIndex;
                reader.Read();
                if (reader.TokenType is not JsonTokenType.StartObject || !Names(reader, mid)) continue;
                reader.Skip();
                places.Add(start..(int)reader.BytesConsumed);
            }
        }
        catch (JsonException)
        {
            return [];   // nothing was ever read out of it
        }

        return places;
    }

    /// <param name="reader">A copy: whoever asks goes on from where it is.</param>
    private static bool Names(Utf8JsonReader reader, string mid)
    {
        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType is not JsonTokenType.PropertyName || reader.CurrentDepth != depth + 1 || !reader.ValueTextEquals("mid"u8)) continue;
            reader.Read();
            if (reader.TokenType is JsonTokenType.String && reader.ValueTextEquals(mid)) return true;
        }

        return false;
    }
}
