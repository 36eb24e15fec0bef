using Hangfire;
using Hangfire.InMemory;
using MetaMessaging.Application.Outbound;
using MetaMessaging.Infrastructure.Jobs;

namespace MetaMessaging.Infrastructure.Tests.Jobs;

public sealed class HangfireJobsTests
{
    [Fact]
    public void An_alarm_never_rings_before_its_row_is_due()
    {
        using var storage = new InMemoryStorage();
        var due = new DateTimeOffset(2026, 11, 22, 18, 17, 0, 700, TimeSpan.Zero);

        new HangfireJobs(new BackgroundJobClient(storage)).Schedule(new ReconcileSend(7), due);

        using var connection = storage.GetConnection();
        Assert.Null(connection.GetFirstByLowestScoreFromSet("schedule", 0, due.ToUnixTimeSeconds()));
        Assert.NotNull(connection.GetFirstByLowestScoreFromSet("schedule", 0, due.ToUnixTimeSeconds() + 1));
    }
}
