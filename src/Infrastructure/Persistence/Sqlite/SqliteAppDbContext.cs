namespace MetaMessaging.Infrastructure.Persistence;

public sealed class SqliteAppDbContext(
    DbContextOptions<SqliteAppDbContext> options,
    OrganizationScope scope,
    SecretProtector protector,
    SqliteWriteLock writeLock,
    IMediator mediator,
    ILogger<AppDbContext> logger)
    : AppDbContext(options, scope, protector, writeLock, mediator, logger)
{
    private const int MaxPurgeTries = 5;

    /// <summary>
    /// The tables that grow with what people write. Without statistics SQLite takes each equality for equally selective, so it would read
    /// all rows of an organization to find those of a conversation or those with some ids. Of an expression there is no index.
    /// </summary>
    private static readonly HashSet<Type> LargeTables =
    [
        typeof(Contact), typeof(FacebookIdentity), typeof(InstagramIdentity), typeof(Conversation), typeof(Message), typeof(Note),
        typeof(MessageAttachment), typeof(MessageReaction), typeof(Mention), typeof(Receipt), typeof(SendRefusal), typeof(TimelineEntry),
    ];

    /// <summary>The write-ahead log keeps the former content of pages. Truncating it waits for readers and blocks writers, so a try waits
    /// 200 ms at most. When none of the tries succeeds, so much is being written that the log is soon overwritten.</summary>
    public override async Task PurgeWriteAheadLogAsync(CancellationToken cancellationToken)
    {
        await Database.OpenConnectionAsync(cancellationToken);
        await using var command = Database.GetDbConnection().CreateCommand();
        try
        {
            command.CommandText = "PRAGMA busy_timeout=200; PRAGMA wal_checkpoint(TRUNCATE);";
            for (var tries = 0; tries < MaxPurgeTries; tries++)
            {
                await using var result = await command.ExecuteReaderAsync(cancellationToken);
                await result.NextResultAsync(cancellationToken);   // past the result of busy_timeout
                var isTruncated = await result.ReadAsync(cancellationToken) && result.GetInt32(0) == 0;
                if (isTruncated) return;
            }
        }
        finally
        {
            command.CommandText = SqlitePragmas.Sql;   // the connection goes back to the pool with its usual busy_timeout
            await command.ExecuteNonQueryAsync(CancellationToken.None);
            await Database.CloseConnectionAsync();
        }
    }

    /// <summary>A deferred transaction reads the state at its first statement, and locks out no writer.</summary>
    public override async Task<T> ReadSnapshotAsync<T>(Func<Task<T>> read, CancellationToken cancellationToken)
    {
        await Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var transaction = ((SqliteConnection)Database.GetDbConnection()).BeginTransaction(deferred: true);
            await Database.UseTransactionAsync(transaction, cancellationToken);
            return await read();
        }
        finally
        {
            await Database.UseTransactionAsync(null, CancellationToken.None);
            await Database.CloseConnectionAsync();
        }
    }

    internal override async Task TryWriteAsync(CancellationToken cancellationToken)
    {
        await Database.OpenConnectionAsync(cancellationToken);
        var connection = (SqliteConnection)Database.GetDbConnection();
        connection.DefaultTimeout = 1;
        try
        {
            // 40 KB need new pages: on a full disk an update of a page that exists may still succeed.
            await Database.ExecuteSqlAsync($"PRAGMA busy_timeout=500", cancellationToken);
            await using var transaction = await Database.BeginTransactionAsync(cancellationToken);
            await Database.ExecuteSqlAsync(
                $"""
                INSERT INTO leases (name, owner, expires_at) VALUES ('write-test', hex(zeroblob(20000)), '2000-01-01 00:00:00');
                DELETE FROM leases WHERE name = 'write-test'
                """, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        finally
        {
            await Database.ExecuteSqlAsync($"PRAGMA busy_timeout=4000", CancellationToken.None);
            await Database.CloseConnectionAsync();
        }
    }

    internal override Task AddToRowsAsync(IReadOnlyList<object> rows, CancellationToken cancellationToken)
    {
        var connection = (SqliteConnection)Database.GetDbConnection();
        foreach (var ofTable in rows.GroupBy(row => row.GetType()))
        {
            var upsert = new AdditiveUpsert(Model.FindEntityType(ofTable.Key)!);
            using var statement = new SqliteStatement(connection, upsert.ForSqlite());
            foreach (var row in ofTable)
            {
                var index = 0;
                foreach (var value in upsert.ValuesOf(row)) statement.Bind(++index, value);
                statement.Execute();
            }
        }

        return Task.CompletedTask;
    }

    private protected override bool HidesFilterFromPlanner(Type entity) => LargeTables.Contains(entity);

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);

        // The condition of ConversationStatuses.WithUnread, term for term. SQL Server allows no arithmetic there.
        builder.Entity<Conversation>().HasIndex(c => new { c.OrganizationId, c.Status, c.LastMessageAt, c.Id }, "ix_conversations_unread")
            .HasFilter("inbound_count - seen_count > CASE WHEN withdrawn_after = seen_count THEN withdrawn_count ELSE 0 END");

        // Not partial: when a connection is deleted, SQLite looks for its messages in an index that has all of them. Nulls are distinct.
        builder.Entity<Message>().HasIndex(m => new { m.ConnectionId, m.ExternalId }).HasFilter(null);
        builder.HasDbFunction(PositionOfText).HasTranslation(arguments => Call("instr", arguments[0], arguments[1]));
    }

    protected override Task SaveRowsAsync(CancellationToken cancellationToken)
    {
        using var save = new PreparedSave(this);
        return save.TrySave() ? Task.CompletedTask : base.SaveRowsAsync(cancellationToken);
    }
}
