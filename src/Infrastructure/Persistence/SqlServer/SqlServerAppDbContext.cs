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
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.HasDbFunction(PositionOfText).HasTranslation(arguments => Call("CHARINDEX", arguments[1], arguments[0]));

        // Meta's ids are case-sensitive. SQLite compares text so; SQL Server does under a binary collation.
        var properties = builder.Model.GetEntityTypes().SelectMany(e => e.GetProperties());
        foreach (var metaId in properties.Where(p => p.GetMaxLength() == MetaId.MaxLength)) metaId.SetCollation("Latin1_General_100_BIN2");
    }
}
