using MediatR;
using MetaMessaging.Application.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MetaMessaging.Infrastructure.Persistence;

public sealed class SqliteAppDbContext(
    DbContextOptions<SqliteAppDbContext> options, OrganizationScope scope, SecretProtector protector, SqliteWriteLock turn, IMediator mediator, ILogger<AppDbContext> logger)
    : AppDbContext(options, scope, protector, turn, mediator, logger)
{
    private const int ScrubTries = 5;

    /// <summary>
    /// The write-ahead log holds pages as they were. Emptying it waits for readers and keeps writers waiting, so each try is short;
    /// where so much is written that none succeeds, the log is soon written over anyway.
    /// </summary>
    public override async Task ScrubAsync(CancellationToken cancellationToken)
    {
        await Database.OpenConnectionAsync(cancellationToken);
        await using var command = Database.GetDbConnection().CreateCommand();
        try
        {
            command.CommandText = "PRAGMA busy_timeout=200; PRAGMA wal_checkpoint(TRUNCATE);";
            for (var attempt = 0; attempt < ScrubTries; attempt++)
            {
                await using var answer = await command.ExecuteReaderAsync(cancellationToken);
                await answer.NextResultAsync(cancellationToken);   // the first is the time-out's
                if (await answer.ReadAsync(cancellationToken) && answer.GetInt32(0) == 0) return;
            }
        }
        finally
        {
            command.CommandText = SqlitePragmas.Sql;   // who gets the connection from the pool next is patient again
            await command.ExecuteNonQueryAsync(CancellationToken.None);
            await Database.CloseConnectionAsync();
        }
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.HasDbFunction(PositionOfText).HasTranslation(arguments => Call("instr", arguments[0], arguments[1]));
    }

    protected override Task SaveRowsAsync(CancellationToken cancellationToken)
    {
        using var save = new PreparedSave(this);
        return save.TrySave() ? Task.CompletedTask : base.SaveRowsAsync(cancellationToken);
    }
}
