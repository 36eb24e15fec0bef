namespace MetaMessaging.Application.Common;

/// <summary>Changes parts of a stored delivery and keeps all other bytes as Meta sent them.</summary>
internal static class StoredPayload
{
    /// <summary>The default of 64 would refuse a delivery that holds deeper JSON.</summary>
    public static readonly JsonReaderOptions UnlimitedDepth = new() { MaxDepth = int.MaxValue };

    /// <summary>Meta's deliveries are a dozen levels deep; the parser accepts 64.</summary>
    private const int MaxDepth = 48;

    /// <summary>Where the JSON begins: behind a byte order mark, which the parser does not accept.</summary>
    public static int Start(ReadOnlySpan<byte> payload) => payload.StartsWith("\uFEFF"u8) ? 3 : 0;

    /// <summary>Without the byte order mark, and without halves of surrogate pairs, at which a reader throws.</summary>
    public static byte[] Readable(this byte[] payload) =>
        new ReadOnlyMemory<byte>(payload)[Start(payload)..].WithoutLoneSurrogates().ToArray();

    /// <summary>Replaces every object and array below <see cref="MaxDepth"/> by null, so that the rest can be parsed.</summary>
    public static byte[] WithoutDeepNesting(this byte[] payload)
    {
        var ranges = new List<Range>();
        var reader = new Utf8JsonReader(payload, UnlimitedDepth);
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray) || reader.CurrentDepth < MaxDepth) continue;

            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            ranges.Add(start..(int)reader.BytesConsumed);
        }

        return payload.Replace(ranges, "null"u8);
    }

    public static byte[] Replace(this byte[] payload, IReadOnlyList<Range> ranges, ReadOnlySpan<byte> replacement)
    {
        using var changed = new MemoryStream(payload.Length);
        var copied = 0;
        foreach (var range in ranges)
        {
            changed.Write(payload, copied, range.Start.Value - copied);
            changed.Write(replacement);
            copied = range.End.Value;
        }

        changed.Write(payload, copied, payload.Length - copied);
        return changed.ToArray();
    }
}
