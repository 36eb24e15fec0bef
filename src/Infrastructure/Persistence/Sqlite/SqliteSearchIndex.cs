namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Asks FTS5, which walks the rows of each token from the newest backwards and stops at the limit.</summary>
internal sealed class SqliteSearchIndex(AppDbContext db, OrganizationScope scope, SqliteSearchIndexer indexer) : ISearchIndex
{
    private bool? isComplete;

    public async Task<IReadOnlyList<long>> FindAsync(SearchStep step, long before, int count, CancellationToken cancellationToken)
    {
        isComplete ??= await indexer.TryCatchUpAsync(cancellationToken);
        var source = (int)step.Source;
        var expression = SearchTokens.OfQuery(step, scope.OrganizationId ?? 0);
        var below = before > long.MaxValue / SqliteSearchSchema.SourceCount ? long.MaxValue : before * SqliteSearchSchema.SourceCount;
        return await db.Database.SqlQuery<long>(
            $"""
            SELECT (rowid - {source}) / {SqliteSearchSchema.SourceCount} AS Value FROM search_index
            WHERE search_index MATCH {expression} AND rowid < {below} ORDER BY rowid DESC LIMIT {count}
            """).ToListAsync(cancellationToken);
    }

    public async Task<SearchGap?> FindGapAsync(CancellationToken cancellationToken)
    {
        isComplete ??= await indexer.TryCatchUpAsync(cancellationToken);
        return isComplete.Value ? null : SearchGap.Indexing;
    }
}
