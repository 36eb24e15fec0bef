namespace MetaMessaging.Application.Common;

/// <summary>Part of a list, newest first.</summary>
/// <param name="NextCursor">Opaque; null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor)
{
    internal Page<TResult> Select<TResult>(Func<T, TResult> convert) => new([.. Items.Select(convert)], NextCursor);
}

/// <summary>A request for a part of a list.</summary>
public interface IPaged
{
    int? Limit { get; }

    string? Cursor { get; }

    /// <summary>Part of each cursor, so that one of another list is refused.</summary>
    string List => GetType().Name;
}

internal sealed class PagedValidator : AbstractValidator<IPaged>
{
    private const int MaxLimit = 200;

    public PagedValidator() => RuleFor(p => p.Limit).InclusiveBetween(1, MaxLimit);
}
