using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Infrastructure.Tests.Inbound;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

public sealed class WriteAheadLogPurgeTests
{
    [Fact]
    public async Task The_connection_goes_back_to_the_pool_with_its_usual_busy_timeout()
    {
        await using var host = await WorkerHost.OpenAsync();
        await using var scope = host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        await db.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var before = await BusyTimeoutAsync(db);
        await db.Database.CloseConnectionAsync();

        await db.PurgeWriteAheadLogAsync(TestContext.Current.CancellationToken);

        await db.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        Assert.Equal(before, await BusyTimeoutAsync(db));
    }

    private static async Task<object?> BusyTimeoutAsync(AppDbContext db)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = "PRAGMA busy_timeout";
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
