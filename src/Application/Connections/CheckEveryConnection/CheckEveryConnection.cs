using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Connections;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Connections;

/// <summary>The daily look at all connections, so that a dead one is found before an agent's message is.</summary>
public sealed record CheckEveryConnection : IRecurringJob
{
    string IRecurringJob.Schedule => "0 4 * * *";
}

internal sealed class CheckEveryConnectionHandler(IAppDbContext db, IJobs jobs) : AsyncRequestHandler<CheckEveryConnection>
{
    protected override async Task Handle(CheckEveryConnection request, CancellationToken cancellationToken)
    {
        var ids = await db.Connections.Where(c => c.State != ConnectionState.Disconnected).Select(c => c.Id).ToListAsync(cancellationToken);
        foreach (var id in ids) jobs.Enqueue(new CheckConnection(id));
    }
}
