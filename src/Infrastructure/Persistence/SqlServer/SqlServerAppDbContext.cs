using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MetaMessaging.Infrastructure.Persistence;

public sealed class SqlServerAppDbContext(
    DbContextOptions<SqlServerAppDbContext> options, OrganizationScope scope, SecretProtector protector, SqliteWriteLock turn, IMediator mediator, ILogger<AppDbContext> logger)
    : AppDbContext(options, scope, protector, turn, mediator, logger)
{
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.HasDbFunction(PositionOfText).HasTranslation(arguments => Call("CHARINDEX", arguments[1], arguments[0]));

        // Meta's ids are case-sensitive; SQLite compares so by itself, SQL Server only under a binary collation.
        foreach (var property in builder.Model.GetEntityTypes().SelectMany(e => e.GetProperties()).Where(p => p.GetMaxLength() == MetaId.MaxLength))
            property.SetCollation("Latin1_General_100_BIN2");
    }
}
