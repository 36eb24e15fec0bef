using Hangfire;
using MediatR;
using MetaMessaging.Application.Common;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.Infrastructure.Jobs;

/// <summary>How Hangfire runs a slice: in a unit of work of its own that serves every organization.</summary>
public sealed class SliceJob(IServiceProvider services)
{
    [JobDisplayName("{0}")]          // the record prints itself: DownloadAttachment { AttachmentId = 7 }
    [AutomaticRetry(Attempts = 3, OnAttemptsExceeded = AttemptsExceededAction.Fail)]   // for crashes; expected refusals are rescheduled by the row
    public async Task RunAsync<TJob>(TJob job, CancellationToken cancellationToken) where TJob : IJob
    {
        await using var work = services.CreateSystemScope();
        await work.ServiceProvider.GetRequiredService<IMediator>().Send(job, cancellationToken);
    }
}
