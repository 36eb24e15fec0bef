using System.Buffers.Text;
using FluentValidation.Results;

namespace MetaMessaging.Application.Common;

/// <summary>The position behind an item in a list that is ordered by time and id, both descending.</summary>
public sealed record Cursor(DateTimeOffset At, long Id)
{
    public override string ToString() =>
        Base64Url.EncodeToString(Encoding.ASCII.GetBytes(FormattableString.Invariant($"{At.UtcTicks}.{Id}")));

    public static Cursor? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;

        var bytes = new byte[64];
        if (text.Length <= 64 && Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, bytes, out var length)
            && Encoding.ASCII.GetString(bytes, 0, length).Split('.') is [var ticks, var id]
            && long.TryParse(ticks, CultureInfo.InvariantCulture, out var at) && at >= 0 && at <= DateTimeOffset.MaxValue.UtcTicks
            && long.TryParse(id, CultureInfo.InvariantCulture, out var rowId))
        {
            return new Cursor(new DateTimeOffset(at, TimeSpan.Zero), rowId);
        }

        throw new ValidationException([new ValidationFailure("cursor", "Use the nextCursor of an earlier answer.")]);
    }
}
