using Hangfire;
using Hangfire.InMemory;
using Hangfire.Storage;
using MetaMessaging.Application;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Maintenance;
using MetaMessaging.Application.Outbound;
using MetaMessaging.Infrastructure.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MetaMessaging.Infrastructure.Tests.Jobs;

public sealed class HangfireJobsTests
{
    static HangfireJobsTests() => GlobalConfiguration.Configuration.UseRecommendedSerializerSettings();   // as the app does

    private static readonly DateTimeOffset DueAt = new(2026, 11, 22, 18, 17, 0, 700, TimeSpan.Zero);

    [Fact]
    public void A_job_never_starts_before_its_row_is_due()
    {
        using var storage = new InMemoryStorage();

        new HangfireJobs(new BackgroundJobClient(storage)).Schedule(new ReconcileSend(7), DueAt);

        using var connection = storage.GetConnection();
        Assert.Null(connection.GetFirstByLowestScoreFromSet("schedule", 0, DueAt.ToUnixTimeSeconds()));
        Assert.NotNull(connection.GetFirstByLowestScoreFromSet("schedule", 0, DueAt.ToUnixTimeSeconds() + 1));
    }

    [Fact]
    public async Task Queued_jobs_reach_Hangfire_before_the_app_stops_and_nobody_waits_for_them()
    {
        using var storage = new InMemoryStorage();
        using var jobs = new QueuedJobs(new HangfireJobs(new BackgroundJobClient(storage)), NullLogger<QueuedJobs>.Instance);

        for (var id = 1; id <= 50; id++) jobs.Enqueue(new ReconcileSend(id));
        jobs.Schedule(new ReconcileSend(51), DueAt);
        Assert.Equal(0, storage.GetMonitoringApi().EnqueuedCount("default"));
        await jobs.StartAsync(TestContext.Current.CancellationToken);
        await jobs.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal((50, 1), (storage.GetMonitoringApi().EnqueuedCount("default"), storage.GetMonitoringApi().ScheduledCount()));
    }

    [Fact]
    public async Task Each_recurring_job_is_known_to_Hangfire_and_recovery_begins_at_start()
    {
        using var storage = new InMemoryStorage();
        await using var services = new ServiceCollection().AddApplication().BuildServiceProvider();
        var recurring = services.GetServices<IRecurringJob>().ToList();

        var jobs = new HangfireJobs(new BackgroundJobClient(storage));
        await new RecurringJobs(new RecurringJobManager(storage), recurring, jobs).StartAsync(TestContext.Current.CancellationToken);

        using var connection = storage.GetConnection();
        var known = connection.GetRecurringJobs();
        Assert.Equal(
            ["check-every-connection", "delete-expired-data", "delete-expired-invitations", "delete-expired-o-auth-attempts",
                "delete-expired-send-records", "delete-old-audit-entries", "delete-unsent-uploads", "delete-unused-sessions",
                "end-snoozes", "erase-organizations", "purge-deliveries", "rebuild-outdated-rollups", "recover-overdue-work",
                "refresh-profiles", "sweep-media", "update-statistics"],
            known.Select(r => r.Id).Order());
        Assert.Equal(recurring.ToHashSet<IJob>(), known.Select(r => (IJob)r.Job.Args[0]).ToHashSet());
        var (_, enqueued) = Assert.Single(storage.GetMonitoringApi().EnqueuedJobs("default", 0, 10));
        Assert.Equal(new RecoverOverdueWork(RecoverOverdueWork.LookAheadAtStart), enqueued.Job.Args[0]);
    }
}
