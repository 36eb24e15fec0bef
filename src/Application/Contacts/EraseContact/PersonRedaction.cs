namespace MetaMessaging.Application.Contacts;

/// <summary>Removes a person's events from a stored delivery. All other events keep their index and their bytes.</summary>
internal sealed class PersonRedaction(IReadOnlySet<string> ids, IReadOnlySet<string> mids)
{
    private static readonly byte[] Erased = [.. """{"erased":true}"""u8];

    public IReadOnlySet<string> Ids => ids;

    public IReadOnlySet<string> Mids => mids;

    /// <summary>Each delivery with the person's events contains an id, or an edit, which may name no customer on Instagram.</summary>
    public IEnumerable<string> SearchTexts => mids.Count == 0 ? ids : ids.Append("message_edit");

    public byte[]? Redact(byte[] payload)
    {
        try
        {
            payload = payload.Readable();
            var places = Find(payload);
            var redacted = payload.Replace(places, Erased);
            // Named outside of the events, so all of it is removed.
            if (IsNamedIn(new Utf8JsonReader(redacted, StoredPayload.UnlimitedDepth))) return Erased;
            return places.Count == 0 ? null : redacted;
        }
        catch (JsonException)
        {
            // Not JSON, so no event was ever read from it, but it may still hold the person's data.
            return ids.Any(id => Encoding.UTF8.GetString(payload).Contains(id, StringComparison.Ordinal)) ? Erased : null;
        }
    }

    private List<Range> Find(byte[] payload)
    {
        var places = new List<Range>();
        var reader = new Utf8JsonReader(payload, StoredPayload.UnlimitedDepth);
        while (reader.Read())
        {
            if (!IsEventList(reader)) continue;
            if (!reader.Read() || reader.TokenType is not JsonTokenType.StartArray) continue;

            while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                var isNamed = reader.TokenType is (JsonTokenType.StartObject or JsonTokenType.StartArray) && IsNamedIn(reader);
                reader.Skip();
                if (isNamed) places.Add(start..(int)reader.BytesConsumed);
            }
        }

        return places;
    }

    private static bool IsEventList(in Utf8JsonReader reader) => reader.TokenType is JsonTokenType.PropertyName
        && (reader.ValueTextEquals("messaging"u8) || reader.ValueTextEquals("standby"u8) || reader.ValueTextEquals("changes"u8));

    /// <summary>Searches the object or array at whose start the reader is, or else everything that follows.</summary>
    /// <param name="reader">A copy, so that the caller's reader keeps its position.</param>
    private bool IsNamedIn(Utf8JsonReader reader)
    {
        var depth = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? reader.CurrentDepth : -1;
        var isMid = false;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    isMid = reader.ValueTextEquals("mid"u8);
                    continue;
                case JsonTokenType.String when reader.GetString() is { } text && (ids.Contains(text) || (isMid && mids.Contains(text))):
                case JsonTokenType.Number when ids.Contains(Encoding.ASCII.GetString(reader.ValueSpan)):
                    return true;
            }

            isMid = false;
        }

        return false;
    }
}
