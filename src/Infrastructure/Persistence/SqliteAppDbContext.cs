using MediatR;
using MetaMessaging.Application.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MetaMessaging.Infrastructure.Persistence;

public sealed class SqliteAppDbContext(
    DbContextOptions<SqliteAppDbContext> options, OrganizationScope scope, SecretProtector protector, IMediator mediator, ILogger<AppDbContext> logger)
    : AppDbContext(options, scope, protector, mediator, logger)
{
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
