using System.Data;
using Microsoft.EntityFrameworkCore.Metadata;

namespace MetaMessaging.Infrastructure.Persistence;

public sealed class SqlServerAppDbContext : AppDbContext
{
    /// <summary>Meta waits 20 s for an answer, and a person less, even when another transaction has locked what is needed.</summary>
    public static readonly TimeSpan MaxRequestCommand = TimeSpan.FromSeconds(8);

    /// <summary>Of jobs and workers.</summary>
    private static readonly TimeSpan MaxJobCommand = TimeSpan.FromSeconds(30);

    internal const string LockSetUp = """
        DECLARE @result int;
        EXEC @result = sp_getapplock 'MetaMessaging set-up', 'Exclusive', 'Transaction', {0};
        IF @result < 0 THROW 51000, 'Another node sets this database up, and has not finished.', 1;
        """;

    private static readonly TimeSpan MaxSetUp = TimeSpan.FromSeconds(30);

    public SqlServerAppDbContext(
        DbContextOptions<SqlServerAppDbContext> options,
        OrganizationScope scope,
        SecretProtector protector,
        SqliteWriteLock writeLock,
        IMediator mediator,
        ILogger<AppDbContext> logger)
        : base(options, scope, protector, writeLock, mediator, logger)
    {
        Database.SetCommandTimeout(scope.SeesAllOrganizations ? MaxJobCommand : MaxRequestCommand);
        Database.AutoSavepointsEnabled = false;   // a round trip for each save; after one that failed, no transaction is committed
    }

    /// <summary>Locks what is read, because a snapshot would have to be allowed in the database's settings.</summary>
    public override Task<T> ReadSnapshotAsync<T>(Func<Task<T>> read, CancellationToken cancellationToken) =>
        Database.CreateExecutionStrategy().ExecuteAsync(
            async token =>
            {
                await using var transaction = await Database.BeginTransactionAsync(IsolationLevel.Serializable, token);
                return await read();
            },
            cancellationToken);

    internal override Task TryWriteAsync(CancellationToken cancellationToken) =>
        Database.CreateExecutionStrategy().ExecuteAsync(WriteTestRowAsync, cancellationToken);

    private async Task WriteTestRowAsync(CancellationToken cancellationToken)
    {
        Database.SetCommandTimeout(TimeSpan.FromSeconds(2));
        await using var transaction = await Database.BeginTransactionAsync(cancellationToken);
        var name = $"write-test-{Guid.NewGuid():N}";
        await Database.ExecuteSqlAsync(
            $"INSERT INTO leases (name, owner, expires_at) VALUES ({name}, '', '2000-01-01')", cancellationToken);
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

    internal override Task LockSetUpAsync(CancellationToken cancellationToken)
    {
        Database.SetCommandTimeout(MaxSetUp * 2);
        return Database.ExecuteSqlRawAsync(LockSetUp, [(int)MaxSetUp.TotalMilliseconds], cancellationToken);
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.HasDbFunction(PositionOfText).HasTranslation(arguments => Call("CHARINDEX", arguments[1], arguments[0]));
    }

    private protected override void SetCollation(IMutableProperty column, string collation) => column.SetCollation(collation);
}
