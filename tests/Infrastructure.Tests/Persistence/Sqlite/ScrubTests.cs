using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Infrastructure.Tests.Inbound;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

public sealed class ScrubTests
{
    [Fact]
    public async Task Whoever_gets_the_connection_next_is_as_patient_as_before()
    {
        await using var host = await WorkerHost.OpenAsync();
        await using var work = host.Services.CreateAsyncScope();
        var db = work.ServiceProvider.GetRequiredService<AppDbContext>();
        await db.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var before = await PatienceAsync(db);
        await db.Database.CloseConnectionAsync();

        await db.ScrubAsync(TestContext.Current.CancellationToken);

        await db.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        Assert.Equal(before, await PatienceAsync(db));
    }

    private static async Task<object?> PatienceAsync(AppDbContext db)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = "PRAGMA busy_timeout";
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
