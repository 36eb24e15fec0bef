using System.Collections.Concurrent;
using Hangfire;
using Hangfire.InMemory;
using MediatR;
using MetaMessaging.Application;
using MetaMessaging.Application.Common;
using MetaMessaging.Infrastructure.Jobs;
using MetaMessaging.Infrastructure.Nodes;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MetaMessaging.Infrastructure.Tests.Jobs;

public sealed class RecurringJobsTests
{
    static RecurringJobsTests() => GlobalConfiguration.Configuration.UseRecommendedSerializerSettings();   // as the app does

    [Fact]
    public async Task No_recurring_job_runs_beside_itself()
    {
        using var storage = new InMemoryStorage();
        await using var application = new ServiceCollection().AddApplication().BuildServiceProvider();
        var recurring = application.GetServices<IRecurringJob>().ToList();
        var mediator = new BlockingMediator();
        await using var services = new ServiceCollection()
            .AddSingleton<IMediator>(mediator).AddScoped<OrganizationScope>()
            .AddSingleton(Options.Create(new DatabaseOptions())).AddSingleton(new NodeRegistry(TimeProvider.System)).BuildServiceProvider();
        var jobs = new HangfireJobs(new BackgroundJobClient(storage));
        using var server = new BackgroundJobServer(
            new BackgroundJobServerOptions { WorkerCount = recurring.Count + 4, Activator = new SliceJobActivator(services) }, storage);

        recurring.ForEach(jobs.Enqueue);
        await Until.True(() => mediator.Started.Count == recurring.Count, "each job has started");
        recurring.ForEach(jobs.Enqueue);
        await Until.True(() => storage.GetMonitoringApi().DeletedListCount() == recurring.Count, "each second run has been left out");
        Assert.Equal(recurring.Count, mediator.Started.Count);

        mediator.Release();
        await Until.True(() => storage.GetMonitoringApi().SucceededListCount() == recurring.Count, "the first runs have ended");
        recurring.ForEach(jobs.Enqueue);
        await Until.True(() => mediator.Started.Count == 2 * recurring.Count, "each job has run again");
    }

    private sealed class SliceJobActivator(IServiceProvider services) : JobActivator
    {
        public override object ActivateJob(Type jobType) => new SliceJob(services);
    }

    private sealed class BlockingMediator : IMediator
    {
        private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentQueue<object> Started { get; } = [];

        public void Release() => released.SetResult();

        public async Task<TResponse> Send<TResponse>(IRequest<TResponse> request, CancellationToken cancellationToken = default)
        {
            Started.Enqueue(request);
            await released.Task;
            return default!;
        }

        public Task<object?> Send(object request, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task Publish(object notification, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task Publish<TNotification>(TNotification notification, CancellationToken cancellationToken = default)
            where TNotification : INotification => throw new NotSupportedException();
    }
}
