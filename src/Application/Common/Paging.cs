using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Query;

namespace MetaMessaging.Application.Common;

/// <summary>A page begins behind the last row of the one before, so rows inserted meanwhile neither repeat nor hide others.</summary>
internal static class Paging
{
    public const int DefaultLimit = 50;

    /// <summary>Whole rows, for models that are computed from them.</summary>
    public static Task<Page<T>> ToPageAsync<T>(
        this IQueryable<T> rows, IPaged request, Expression<Func<T, DateTimeOffset>> time, CancellationToken cancellationToken)
        where T : Entity =>
        ReadAsync(rows.NewestFirst(request, time), request, time, row => row, cancellationToken);

    /// <summary>Rows as a model: only the columns are read that the model has.</summary>
    public static Task<Page<TModel>> ToPageAsync<T, TModel>(
        this IQueryable<T> rows, IPaged request, Expression<Func<T, DateTimeOffset>> time, CancellationToken cancellationToken)
        where T : Entity =>
        ReadAsync(rows.NewestFirst(request, time), request, time, Projection<T, TModel>.Expression, cancellationToken);

    /// <summary>The same for rows that are stored in the order of their time, so that the primary key gives the order.</summary>
    public static Task<Page<TModel>> ToPageByIdAsync<T, TModel>(
        this IQueryable<T> rows, IPaged request, CancellationToken cancellationToken) where T : Entity
    {
        if (Cursor.Parse(request) is { } cursor) rows = rows.Where(row => row.Id < cursor.Id);
        rows = rows.OrderByDescending(row => row.Id);
        return ReadAsync(rows, request, _ => DateTimeOffset.UnixEpoch, Projection<T, TModel>.Expression, cancellationToken);
    }

    public static Task<Page<T>> ToPageByIdAsync<T>(this IQueryable<T> rows, IPaged request, CancellationToken cancellationToken)
        where T : Entity
    {
        if (Cursor.Parse(request) is { } cursor) rows = rows.Where(row => row.Id < cursor.Id);
        return ReadAsync(rows.OrderByDescending(row => row.Id), request, _ => DateTimeOffset.UnixEpoch, row => row, cancellationToken);
    }

    /// <summary>The rows that follow a position, the oldest first.</summary>
    public static IQueryable<T> OldestFirst<T>(this IQueryable<T> rows, Cursor position, Expression<Func<T, DateTimeOffset>> time)
        where T : Entity
    {
        Expression<Func<DateTimeOffset, long, bool>> isAfter =
            (at, id) => at > position.At || (at == position.At && id > position.Id);
        return rows.Where(Apply<T, bool>(isAfter, time.Parameters[0], time.Body)).OrderBy(time).ThenBy(row => row.Id);
    }

    /// <summary>
    /// Rows that an index finds in order for each of several conditions, but not for all of them together: the newest of each condition,
    /// to be read as one page with the same request.
    /// </summary>
    public static IQueryable<T> NewestOfEach<T>(
        this IEnumerable<IQueryable<T>> parts, IPaged request, Expression<Func<T, DateTimeOffset>> time) where T : Entity
    {
        var count = (request.Limit ?? DefaultLimit) + 1;
        return parts.Select(rows => rows.NewestFirst(request, time).Take(count)).Aggregate(Queryable.Concat);
    }

    private static IQueryable<T> NewestFirst<T>(
        this IQueryable<T> rows, IPaged request, Expression<Func<T, DateTimeOffset>> time) where T : Entity
    {
        if (Cursor.Parse(request) is { } cursor)
        {
            // The first condition follows from the second, but only a condition without OR makes the walk along the index begin there.
            Expression<Func<DateTimeOffset, long, bool>> isBehind =
                (at, id) => at <= cursor.At && (at < cursor.At || (at == cursor.At && id < cursor.Id));
            rows = rows.Where(Apply<T, bool>(isBehind, time.Parameters[0], time.Body));
        }

        return rows.OrderByDescending(time).ThenByDescending(row => row.Id);
    }

    private static async Task<Page<TItem>> ReadAsync<T, TItem>(
        IQueryable<T> rows, IPaged request, Expression<Func<T, DateTimeOffset>> time, Expression<Func<T, TItem>> convert,
        CancellationToken cancellationToken) where T : Entity
    {
        var limit = request.Limit ?? DefaultLimit;
        var row = time.Parameters[0];
        var item = ReplacingExpressionVisitor.Replace(convert.Parameters[0], row, convert.Body);
        Expression<Func<DateTimeOffset, long, TItem, Found<TItem>>> find = (at, id, found) => new Found<TItem>(at, id, found);

        // One row more than asked for tells whether there is a next page.
        var read = await rows.Take(limit + 1).Select(Apply<T, Found<TItem>>(find, row, time.Body, item)).ToListAsync(cancellationToken);
        var last = read.Count > limit ? read[limit - 1] : null;
        return new Page<TItem>(
            [.. read.Take(limit).Select(found => found.Item)],
            last is null ? null : new Cursor(last.At, last.Id, request.List).ToString());
    }

    private static Expression<Func<T, TResult>> Apply<T, TResult>(
        LambdaExpression expression, ParameterExpression row, Expression time, params Expression[] others) where T : Entity
    {
        Expression[] arguments = [time, Expression.Property(row, nameof(Entity.Id)), .. others];
        var body = ReplacingExpressionVisitor.Replace([.. expression.Parameters], arguments, expression.Body);
        return Expression.Lambda<Func<T, TResult>>(body, row);
    }

    private sealed record Found<TItem>(DateTimeOffset At, long Id, TItem Item);

    /// <summary>Mapster builds the expression anew at each call, so it is kept.</summary>
    private static class Projection<T, TModel>
    {
        public static readonly Expression<Func<T, TModel>> Expression = default(T)!.BuildAdapter().CreateProjectionExpression<TModel>();
    }
}
