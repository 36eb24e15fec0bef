namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>
/// Indexes new rows within a second, and before a search: a bulk insert takes a third of what a trigger takes for each row, because FTS5
/// writes a segment at the end of each statement.
/// </summary>
internal sealed partial class SqliteSearchIndexer(
    IServiceProvider services, SqliteWriteLock writeLock, TimeProvider clock, ILogger<SqliteSearchIndexer> logger) : BackgroundService
{
    /// <summary>About 15 ms of the write lock.</summary>
    private const int ChunkSize = 1000;

    /// <summary>How much a search waits for; more is behind only while the whole history is indexed.</summary>
    private const int MaxChunksOfSearch = 4;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>After a chunk that others had to wait for. 5,000 new messages a second are still indexed as they arrive.</summary>
    private static readonly TimeSpan PauseForOthers = TimeSpan.FromMilliseconds(100);

    private enum ChunkResult
    {
        UpToDate,
        MoreToIndex,
        MoreToIndexAndOthersWait,
    }

    /// <returns>Whether everything is in the index.</returns>
    public async Task<bool> TryCatchUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var chunks = 0; chunks < MaxChunksOfSearch; chunks++)
                if (await IndexChunkAsync(cancellationToken) is ChunkResult.UpToDate) return true;
        }
        catch (Exception exception) when (exception is TimeoutException || StorageFailure.ReasonOf(exception) is not null)
        {
            LogNotIndexed(exception);   // what is indexed can still be found
        }

        return false;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                while (await IndexChunkAsync(stoppingToken) is var result and not ChunkResult.UpToDate)
                {
                    if (result is ChunkResult.MoreToIndexAndOthersWait) await Task.Delay(PauseForOthers, clock, stoppingToken);
                }
            }
            catch (Exception exception) when (exception is TimeoutException || StorageFailure.ReasonOf(exception) is not null)
            {
                LogNotIndexed(exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<ChunkResult> IndexChunkAsync(CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAllOrganizationsScope();
        var database = scope.ServiceProvider.GetRequiredService<AppDbContext>().Database;
        await database.OpenConnectionAsync(cancellationToken);
        var connection = (SqliteConnection)database.GetDbConnection();
        if (Behind(connection).Count == 0) return ChunkResult.UpToDate;

        using var heldLock = await writeLock.TakeAsync(hasPriority: false, cancellationToken);
        await using var transaction = connection.BeginTransaction(deferred: false);
        var left = ChunkSize;
        var behind = Behind(connection);
        if (behind.Exists(b => b.Version != SearchTokens.Version))
        {
            Reset(connection);
            left = 0;
        }
        else
        {
            foreach (var (table, upTo, _) in behind) left -= left > 0 ? Index(connection, table, upTo, left) : 0;
        }

        await transaction.CommitAsync(cancellationToken);
        if (left > 0) return ChunkResult.UpToDate;
        return writeLock.HasWaiters ? ChunkResult.MoreToIndexAndOthersWait : ChunkResult.MoreToIndex;
    }

    private static List<(SearchTable Table, long UpTo, int Version)> Behind(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = string.Join(" UNION ALL ", SearchTable.All.Select(table =>
            $"""
            SELECT source, indexed_up_to, version FROM search_progress WHERE source = {(int)table.Source}
            AND (indexed_up_to < (SELECT max(id) FROM {table.Name}) OR version <> {SearchTokens.Version})
            """));
        using var reader = command.ExecuteReader();
        var behind = new List<(SearchTable, long, int)>();
        while (reader.Read())
            behind.Add((SearchTable.Of((SearchSource)reader.GetInt32(0)), reader.GetInt64(1), reader.GetInt32(2)));
        return behind;
    }

    /// <returns>How many rows were read.</returns>
    private static int Index(SqliteConnection connection, SearchTable table, long after, int count)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT max(id), count(*) FROM (SELECT id FROM {table.Name} WHERE id > {after} ORDER BY id LIMIT {count})";
        long upTo;
        int rows;
        using (var reader = command.ExecuteReader())
        {
            reader.Read();
            (upTo, rows) = (reader.IsDBNull(0) ? after : reader.GetInt64(0), reader.GetInt32(1));
        }

        command.CommandText =
            $"""
            INSERT INTO search_index (rowid, tokens) SELECT id * {SqliteSearchSchema.SourceCount} + {(int)table.Source}, tokens FROM (
                SELECT r.id, {SqliteSearchSchema.TokensOf(table, "r")} AS tokens
                FROM {table.Name} r WHERE r.id > {after} AND r.id <= {upTo} ORDER BY r.id LIMIT -1) WHERE tokens IS NOT NULL;
            UPDATE search_progress SET indexed_up_to = {upTo} WHERE source = {(int)table.Source};
            """;
        command.ExecuteNonQuery();
        return rows;
    }

    /// <summary>The index of an earlier version of the tokens cannot be searched, nor can rows be taken out of it.</summary>
    private static void Reset(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            $"""
            INSERT INTO search_index (search_index) VALUES ('delete-all');
            UPDATE search_progress SET indexed_up_to = 0, version = {SearchTokens.Version};
            """;
        command.ExecuteNonQuery();
    }

    [LoggerMessage(LogLevel.Warning, "The search does not contain the newest rows yet; the next try is in a second")]
    private partial void LogNotIndexed(Exception exception);
}
