using Hangfire;
using MetaMessaging.Infrastructure.Nodes;
using MetaMessaging.Infrastructure.Persistence;

namespace MetaMessaging.Infrastructure.Jobs;

/// <summary>How Hangfire runs a slice: in a unit of work of its own that sees every organization's rows.</summary>
public sealed class SliceJob(IServiceProvider services)
{
    /// <summary>With SQLite each process has a Hangfire of its own, which starts every recurring job.</summary>
    private readonly bool hasOwnHangfire =
        services.GetRequiredService<IOptions<DatabaseOptions>>().Value.Provider is DatabaseProvider.Sqlite;

    private readonly NodeRegistry nodes = services.GetRequiredService<NodeRegistry>();

    [JobDisplayName("{0}")]   // the record prints itself: DownloadAttachment { AttachmentId = 7 }
    // For bugs and an unreachable database. A try that Meta refuses is scheduled again by the handler.
    [AutomaticRetry(Attempts = 3, OnAttemptsExceeded = AttemptsExceededAction.Fail)]
    [ContinueTrace]
    [SkipWhileRunning]
    public async Task RunAsync(IJob job, CancellationToken cancellationToken)
    {
        if (job is IRecurringJob && hasOwnHangfire && !nodes.IsFirst) return;
        await using var scope = services.CreateAllOrganizationsScope();
        await scope.ServiceProvider.GetRequiredService<IMediator>().Send(job, cancellationToken);
    }
}
