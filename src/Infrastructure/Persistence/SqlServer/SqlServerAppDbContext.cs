using System.Data;

namespace MetaMessaging.Infrastructure.Persistence;

public sealed class SqlServerAppDbContext(
    DbContextOptions<SqlServerAppDbContext> options,
    OrganizationScope scope,
    SecretProtector protector,
    SqliteWriteLock writeLock,
    IMediator mediator,
    ILogger<AppDbContext> logger)
    : AppDbContext(options, scope, protector, writeLock, mediator, logger)
{
    private const string BinaryCollation = "Latin1_General_100_BIN2";

    /// <summary>A request is answered within 10 s, even when another transaction has locked what it writes. Jobs may take longer.</summary>
    private static readonly TimeSpan MaxRequestWrite = TimeSpan.FromSeconds(8);

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        if (!SeesAllOrganizations) Database.SetCommandTimeout(MaxRequestWrite);
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    protected override Task SaveRowsAsync(CancellationToken cancellationToken)
    {
        if (!SeesAllOrganizations) Database.SetCommandTimeout(MaxRequestWrite);
        return base.SaveRowsAsync(cancellationToken);
    }

    /// <summary>Locks what is read, because a snapshot would have to be allowed in the database's settings.</summary>
    public override async Task<T> ReadSnapshotAsync<T>(Func<Task<T>> read, CancellationToken cancellationToken)
    {
        await using var transaction = await Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellationToken);
        return await read();
    }

    internal override async Task TryWriteAsync(CancellationToken cancellationToken)
    {
        Database.SetCommandTimeout(TimeSpan.FromSeconds(2));
        await using var transaction = await Database.BeginTransactionAsync(cancellationToken);
        var name = $"write-test-{Guid.NewGuid():N}";
        await Database.ExecuteSqlAsync(
            $"INSERT INTO leases (name, owner, token, expires_at) VALUES ({name}, '', 0, '2000-01-01')", cancellationToken);
        await Database.ExecuteSqlAsync($"DELETE FROM leases WHERE name = {name}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>SQL Server accepts 2,100 parameters in a command.</summary>
    internal override async Task AddToRowsAsync(IReadOnlyList<object> rows, CancellationToken cancellationToken)
    {
        foreach (var chunk in rows.Chunk(100))
        {
            var sql = new StringBuilder();
            var values = new List<object?>();
            foreach (var row in chunk)
            {
                var upsert = new AdditiveUpsert(Model.FindEntityType(row.GetType())!);
                sql.Append(upsert.ForSqlServer(values.Count));
                values.AddRange(upsert.ValuesOf(row));
            }

            await Database.ExecuteSqlRawAsync(sql.ToString(), values!, cancellationToken);
        }
    }

    internal override Task LockConversationsAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken) =>
        Conversations.Where(c => ids.Contains(c.Id))
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.OrganizationId, c => c.OrganizationId), cancellationToken);

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.HasDbFunction(PositionOfText).HasTranslation(arguments => Call("CHARINDEX", arguments[1], arguments[0]));

        // Meta's ids and idempotency keys are case-sensitive. SQLite compares text so; SQL Server does under a binary collation.
        var properties = builder.Model.GetEntityTypes().SelectMany(e => e.GetProperties());
        foreach (var metaId in properties.Where(p => p.GetMaxLength() == MetaId.MaxLength)) metaId.SetCollation(BinaryCollation);
        builder.Entity<IdempotencyKey>().Property(k => k.Key).UseCollation(BinaryCollation);
    }
}
