namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Asks the full-text index where there is one; else compares the newest rows one by one.</summary>
internal sealed class SqlServerSearchIndex(AppDbContext db, OrganizationScope scope) : ISearchIndex
{
    /// <summary>Without full-text index. A comparison takes about a microsecond.</summary>
    private const int MaxCompared = 20_000;

    private bool? hasFullText;

    public async Task<IReadOnlyList<long>> FindAsync(SearchStep step, long before, int count, CancellationToken cancellationToken)
    {
        var isFullText = step.Source is SearchSource.Message && await HasFullTextAsync(cancellationToken);
        var (sql, values) = Statement(step, scope.OrganizationId ?? 0, before, count, isFullText);
        return await db.Database.SqlQueryRaw<long>(sql, [.. values]).ToListAsync(cancellationToken);
    }

    public async Task<SearchGap?> FindGapAsync(CancellationToken cancellationToken) =>
        await HasFullTextAsync(cancellationToken) ? null : SearchGap.NoFullText;

    /// <summary>{0} and so on stand for the values.</summary>
    internal static (string Sql, IReadOnlyList<object> Values) Statement(
        SearchStep step, long organizationId, long before, int count, bool isFullText)
    {
        var table = SearchTable.Of(step.Source);
        var values = new List<object> { count, organizationId, before };
        var filters = "organization_id = {1} AND id < {2}";
        if (table.Channel is { } channel && step.Channel is { } wanted) filters += $" AND {channel} = {Value(wanted.ToString())}";
        if (table.OccurredAt is { } at && step.From is { } from) filters += $" AND {at} >= {Value(from.UtcDateTime)}";
        if (table.OccurredAt is { } until && step.To is { } to) filters += $" AND {until} < {Value(to.UtcDateTime)}";

        string[] columns = table.MoreText is null ? [table.Text] : [table.Text, table.MoreText];
        if (isFullText)
        {
            var words = string.Join(" AND ", step.Query.Words.Select(w => $"\"{w.Text}{(step.IsWholeWords ? "" : "*")}\""));
            return ($"SELECT TOP ({{0}}) id AS Value FROM {table.Name} WHERE {filters} "
                + $"AND CONTAINS(({string.Join(", ", columns)}), {Value(words)}) ORDER BY id DESC", values);
        }

        var conditions = step.Query.Words.Select(word => Value($"%{word.Text}%")).ToList()
            .ConvertAll(p => $"({string.Join(" OR ", columns.Select(c => $"{c} COLLATE Latin1_General_100_CI_AI LIKE {p}"))})");
        return ($"SELECT TOP ({{0}}) id AS Value FROM (SELECT TOP ({MaxCompared}) id, {string.Join(", ", columns)} FROM {table.Name} "
            + $"WHERE {filters} ORDER BY id DESC) AS newest WHERE {string.Join(" AND ", conditions)} ORDER BY id DESC", values);

        string Value(object value)
        {
            values.Add(value);
            return $"{{{values.Count - 1}}}";
        }
    }

    private async Task<bool> HasFullTextAsync(CancellationToken cancellationToken) =>
        hasFullText ??= await db.Database.SqlQueryRaw<int>(SqlServerFullText.IsActive).SingleAsync(cancellationToken) == 1;
}
