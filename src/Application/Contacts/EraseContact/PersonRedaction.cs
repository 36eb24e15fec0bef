using System.Text;
using System.Text.Json;
using MetaMessaging.Application.Common;

namespace MetaMessaging.Application.Contacts;

/// <summary>Takes a person's events out of a stored delivery. The others keep their places, and all their bytes.</summary>
internal sealed class PersonRedaction(IReadOnlySet<string> ids, IReadOnlySet<string> mids)
{
    private static readonly byte[] Erased = [.. """{"erased":true}"""u8];

    /// <summary>PSIDs and IGSIDs.</summary>
    public IReadOnlySet<string> Ids => ids;

    public IReadOnlySet<string> Mids => mids;

    /// <summary>Text that a delivery with them holds: their id, or an edit, which on Instagram may name nobody (platform reference, Webhooks → Echo, edit, unsend).</summary>
    public IEnumerable<string> WhereToLook => mids.Count == 0 ? ids : ids.Append("message_edit");

    /// <returns>Null when the delivery holds nothing of them.</returns>
    public byte[]? TakenOutOf(byte[] payload)
    {
        try
        {
            var places = Find(payload);
            var redacted = payload.With(places, Erased);
            if (IsNamedIn(new Utf8JsonReader(redacted))) return Erased;   // not where events stand, so nothing of it is safe
            return places.Count == 0 ? null : redacted;
        }
        catch (JsonException)
        {
            // No event was ever read out of it, and still it may hold their words.
            return ids.Any(id => Encoding.UTF8.GetString(payload).Contains(id, StringComparison.Ordinal)) ? Erased : null;
        }
    }

    private List<Range> Find(byte[] payload)
    {
        var places = new List<Range>();
        var reader = new Utf8JsonReader(payload);
        while (reader.Read())
        {
            if (reader.TokenType is not JsonTokenType.PropertyName
                || !(reader.ValueTextEquals("messaging"u8) || reader.ValueTextEquals("standby"u8) || reader.ValueTextEquals("changes"u8))) continue;
            if (!reader.Read() || reader.TokenType is not JsonTokenType.StartArray) continue;

            while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                var isTheirs = reader.TokenType is (JsonTokenType.StartObject or JsonTokenType.StartArray) && IsNamedIn(reader);
                reader.Skip();
                if (isTheirs) places.Add(start..(int)reader.BytesConsumed);
            }
        }

        return places;
    }

    /// <param name="reader">A copy: whoever asks goes on from where it is. At the start of an object or array, it is about that one; else about all that follows.</param>
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
