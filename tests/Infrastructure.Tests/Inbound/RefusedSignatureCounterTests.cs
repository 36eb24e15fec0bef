using System.Diagnostics.Metrics;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Infrastructure.Inbound;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MetaMessaging.Infrastructure.Tests.Inbound;

public sealed class RefusedSignatureCounterTests
{
    [Fact]
    public async Task Any_number_of_refusals_is_one_row_per_hour()
    {
        await using var host = await WorkerHost.OpenAsync();
        using var counter = Counter(host);
        var first = host.Fakes.Clock.GetUtcNow();

        for (var i = 0; i < 100_000; i++) counter.Record();
        await counter.SaveAsync(CancellationToken.None);
        host.Fakes.Clock.Advance(TimeSpan.FromHours(1));
        counter.Record();
        await counter.SaveAsync(CancellationToken.None);

        Assert.Equal([(100_000L, first), (1L, first.AddHours(1))], (await RowsAsync(host)).Select(r => (r.Count, r.LastAt)));
    }

    [Fact]
    public async Task The_counts_of_several_nodes_are_added()
    {
        await using var host = await WorkerHost.OpenAsync();
        using var one = Counter(host);
        using var other = Counter(host);

        one.Record();
        other.Record();
        await Task.WhenAll(one.SaveAsync(CancellationToken.None), other.SaveAsync(CancellationToken.None));
        one.Record();
        await one.SaveAsync(CancellationToken.None);

        Assert.Equal(3, Assert.Single(await RowsAsync(host)).Count);
    }

    [Fact]
    public async Task A_count_that_could_not_be_saved_is_added_later()
    {
        await using var host = await WorkerHost.OpenAsync();
        using var counter = Counter(host);
        counter.Record();
        await host.ExecuteAsync("ALTER TABLE refused_signatures RENAME TO away");
        await Assert.ThrowsAnyAsync<Exception>(() => counter.SaveAsync(CancellationToken.None));
        await host.ExecuteAsync("ALTER TABLE away RENAME TO refused_signatures");

        counter.Record();
        await counter.SaveAsync(CancellationToken.None);

        Assert.Equal(2, Assert.Single(await RowsAsync(host)).Count);
    }

    [Fact]
    public async Task Nothing_is_written_without_refusals()
    {
        await using var host = await WorkerHost.OpenAsync();
        using var counter = Counter(host);

        await counter.SaveAsync(CancellationToken.None);

        Assert.Empty(await RowsAsync(host));
    }

    [Fact]
    public async Task The_count_is_saved_at_shutdown()
    {
        await using var host = await WorkerHost.OpenAsync();
        using var counter = Counter(host);
        await counter.StartAsync(CancellationToken.None);
        counter.Record();

        await counter.StopAsync(CancellationToken.None);

        Assert.Single(await RowsAsync(host));
    }

    private static RefusedSignatureCounter Counter(WorkerHost host) =>
        new(
            host.Services,
            host.Services.GetRequiredService<IMeterFactory>(),
            host.Fakes.Clock,
            NullLogger<RefusedSignatureCounter>.Instance);

    private static Task<List<RefusedSignatures>> RowsAsync(WorkerHost host) =>
        host.InDatabaseAsync(db => db.RefusedSignatures.AsNoTracking().OrderBy(r => r.Hour).ToListAsync());
}
