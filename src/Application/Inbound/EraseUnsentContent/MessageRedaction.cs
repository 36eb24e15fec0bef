namespace MetaMessaging.Application.Inbound;

/// <summary>Replaces a message in a stored delivery by an unsend event, so that a replay does not bring it back.</summary>
internal static class MessageRedaction
{
    public static byte[]? Redact(byte[] payload, string mid)
    {
        List<Range> places;
        try
        {
            places = Find(payload, mid);
        }
        catch (InvalidOperationException)
        {
            payload = payload.Readable();   // half a surrogate pair is in a name
            places = Find(payload, mid);
        }

        if (places.Count == 0) return null;

        // An edit is replaced as well, because it holds the text.
        byte[] unsend = [.. "\"message\":{\"mid\":"u8, .. JsonSerializer.SerializeToUtf8Bytes(mid), .. ",\"is_deleted\":true}"u8];
        return places.TrueForAll(place => payload.AsSpan(place).SequenceEqual(unsend)) ? null : payload.Replace(places, unsend);
    }

    private static List<Range> Find(byte[] payload, string mid)
    {
        var places = new List<Range>();
        try
        {
            var mark = StoredPayload.Start(payload);
            var reader = new Utf8JsonReader(payload.AsSpan(mark), StoredPayload.UnlimitedDepth);
            while (reader.Read())
            {
                if (reader.TokenType is not JsonTokenType.PropertyName) continue;
                if (!reader.ValueTextEquals("message"u8) && !reader.ValueTextEquals("message_edit"u8)) continue;

                var start = mark + (int)reader.TokenStartIndex;
                reader.Read();
                if (reader.TokenType is not JsonTokenType.StartObject || !HasMid(reader, mid)) continue;
                reader.Skip();
                places.Add(start..(mark + (int)reader.BytesConsumed));
            }
        }
        catch (JsonException)
        {
            return [];   // no message was ever read from it
        }

        return places;
    }

    private static bool HasMid(Utf8JsonReader reader, string mid)
    {
        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType is not JsonTokenType.PropertyName || reader.CurrentDepth != depth + 1) continue;
            if (!reader.ValueTextEquals("mid"u8)) continue;
            reader.Read();
            if (reader.TokenType is JsonTokenType.String && reader.ValueTextEquals(mid)) return true;
        }

        return false;
    }
}
