namespace MetaMessaging.Application.Common;

internal static class StoredPayload
{
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
