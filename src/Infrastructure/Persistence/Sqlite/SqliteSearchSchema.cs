namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>
/// The index of the search (docs/adr/0028): search_index is an FTS5 table of <see cref="SearchTokens"/> that keeps no text. New rows are
/// indexed in bulk (<see cref="SqliteSearchIndexer"/>), up to search_progress; the triggers take changed and deleted rows out at once.
/// </summary>
internal static class SqliteSearchSchema
{
    /// <summary>A row's id in the index is its own, times this, plus the number of its <see cref="SearchSource"/>.</summary>
    public const int SourceCount = 8;

    /// <summary>The statements of the migration, and of an upgrade that changes them.</summary>
    public static IEnumerable<string> Create()
    {
        yield return "CREATE VIRTUAL TABLE search_index USING fts5(tokens, content='', detail=none, columnsize=0, tokenize='ascii')";
        yield return "CREATE TABLE search_progress "
            + "(source INTEGER PRIMARY KEY, indexed_up_to INTEGER NOT NULL DEFAULT 0, version INTEGER NOT NULL DEFAULT 0)";
        foreach (var table in SearchTable.All)
        {
            yield return $"INSERT INTO search_progress (source) VALUES ({(int)table.Source})";
            yield return
                $"""
                CREATE TRIGGER search_{table.Name}_delete AFTER DELETE ON {table.Name} WHEN {IsIndexed(table)}
                BEGIN {Remove(table)} END
                """;
            yield return
                $"""
                CREATE TRIGGER search_{table.Name}_update
                AFTER UPDATE OF {string.Join(", ", table.Columns.OfType<string>())} ON {table.Name}
                WHEN {IsIndexed(table)} AND {TokensOf(table, "OLD")} IS NOT {TokensOf(table, "NEW")}
                BEGIN {Remove(table)} {Add(table)} END
                """;
        }
    }

    public static IEnumerable<string> Drop() =>
    [
        .. SearchTable.All.SelectMany(t => new[] { $"DROP TRIGGER search_{t.Name}_delete", $"DROP TRIGGER search_{t.Name}_update" }),
        "DROP TABLE search_progress", "DROP TABLE search_index",
    ];

    public static string TokensOf(SearchTable table, string row) =>
        $"search_tokens({(int)table.Source}, {row}.organization_id, {string.Join(", ", table.Columns.Select(c => ColumnOf(row, c)))})";

    private static string ColumnOf(string row, string? column) => column is null ? "NULL" : $"{row}.{column}";

    private static string IsIndexed(SearchTable table) =>
        $"OLD.id <= (SELECT indexed_up_to FROM search_progress WHERE source = {(int)table.Source})";

    private static string Remove(SearchTable table) =>
        $"""
        INSERT INTO search_index (search_index, rowid, tokens)
        SELECT 'delete', OLD.id * {SourceCount} + {(int)table.Source}, tokens FROM (SELECT {TokensOf(table, "OLD")} AS tokens)
        WHERE tokens IS NOT NULL;
        """;

    private static string Add(SearchTable table) =>
        $"""
        INSERT INTO search_index (rowid, tokens)
        SELECT NEW.id * {SourceCount} + {(int)table.Source}, tokens FROM (SELECT {TokensOf(table, "NEW")} AS tokens)
        WHERE tokens IS NOT NULL;
        """;
}
