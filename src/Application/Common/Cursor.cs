using System.Buffers.Text;
using FluentValidation.Results;

namespace MetaMessaging.Application.Common;

/// <summary>The position behind an item in a list that is ordered by time and id, both descending.</summary>
/// <param name="List">A position in one list means nothing in another.</param>
public sealed record Cursor(DateTimeOffset At, long Id, string List)
{
    private const int MaxLength = 128;

    public override string ToString() =>
        Base64Url.EncodeToString(Encoding.ASCII.GetBytes(FormattableString.Invariant($"{At.UtcTicks}.{Id}.{List}")));

    public static Cursor? Parse(IPaged request)
    {
        var text = request.Cursor;
        if (string.IsNullOrEmpty(text)) return null;

        var bytes = new byte[MaxLength];
        if (text.Length <= MaxLength && Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, bytes, out var length)
            && Encoding.ASCII.GetString(bytes, 0, length).Split('.') is [var ticks, var id, var list] && list == request.List
            && long.TryParse(ticks, CultureInfo.InvariantCulture, out var at) && at >= 0 && at <= DateTimeOffset.MaxValue.UtcTicks
            && long.TryParse(id, CultureInfo.InvariantCulture, out var rowId))
        {
            return new Cursor(new DateTimeOffset(at, TimeSpan.Zero), rowId, list);
        }

        throw new ValidationException([new ValidationFailure("cursor", "Use the nextCursor of an earlier page of the same list.")]);
    }
}
