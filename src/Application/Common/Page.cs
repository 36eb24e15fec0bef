using System.Buffers.Text;
using System.Globalization;
using System.Text;
using FluentValidation;
using FluentValidation.Results;

namespace MetaMessaging.Application.Common;

/// <summary>Part of a list, newest first.</summary>
/// <param name="NextCursor">Opaque; null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>The position behind an item in a list ordered by time and id, both descending. Stable while rows are inserted.</summary>
public sealed record Cursor(DateTimeOffset At, long Id)
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    public override string ToString() =>
        Base64Url.EncodeToString(Encoding.ASCII.GetBytes(FormattableString.Invariant($"{At.UtcTicks}.{Id}")));

    /// <returns>Null for no cursor.</returns>
    /// <exception cref="ValidationException">It is not one of ours.</exception>
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

    public static Page<T> Cut<T>(List<T> oneMoreThanAsked, int limit, Func<T, Cursor> position)
    {
        if (oneMoreThanAsked.Count <= limit) return new Page<T>(oneMoreThanAsked, null);
        oneMoreThanAsked.RemoveAt(limit);
        return new Page<T>(oneMoreThanAsked, position(oneMoreThanAsked[^1]).ToString());
    }
}

/// <summary>A request for a part of a list.</summary>
public interface IPaged
{
    int? Limit { get; }

    string? Cursor { get; }
}

internal sealed class PagedValidator : AbstractValidator<IPaged>
{
    public PagedValidator() => RuleFor(p => p.Limit).InclusiveBetween(1, Common.Cursor.MaxLimit);
}
