using MediatR;
using MetaMessaging.Application.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MetaMessaging.Infrastructure.Persistence;

public sealed class SqliteAppDbContext(
    DbContextOptions<SqliteAppDbContext> options, OrganizationScope scope, SecretProtector protector, IMediator mediator, ILogger<AppDbContext> logger)
    : AppDbContext(options, scope, protector, mediator, logger)
{
    protected override Task SaveRowsAsync(CancellationToken cancellationToken)
    {
        using var save = new PreparedSave(this);
        return save.TrySave() ? Task.CompletedTask : base.SaveRowsAsync(cancellationToken);
    }
}
