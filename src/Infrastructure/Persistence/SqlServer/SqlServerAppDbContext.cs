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
