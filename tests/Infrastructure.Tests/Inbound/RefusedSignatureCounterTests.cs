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
    public async Task A_flood_is_one_row_an_hour()
    {
        await using var shop = await Workshop.OpenAsync();
        using var counter = Counter(shop);
        var first = shop.Fakes.Clock.GetUtcNow();

        for (var i = 0; i < 100_000; i++) counter.Note();
        await counter.SaveAsync(CancellationToken.None);
        shop.Fakes.Clock.Advance(TimeSpan.FromHours(1));
        counter.Note();
        await counter.SaveAsync(CancellationToken.None);

        Assert.Equal([(100_000L, first), (1L, first.AddHours(1))], (await RowsAsync(shop)).Select(r => (r.Count, r.LastAt)));
    }

    [Fact]
    public async Task Several_nodes_add_up()
    {
        await using var shop = await Workshop.OpenAsync();
        using var one = Counter(shop);
        using var other = Counter(shop);

        one.Note();
        other.Note();
        await Task.WhenAll(one.SaveAsync(CancellationToken.None), other.SaveAsync(CancellationToken.None));
        one.Note();
        await one.SaveAsync(CancellationToken.None);

        Assert.Equal(3, Assert.Single(await RowsAsync(shop)).Count);
    }

    [Fact]
    public async Task What_the_database_did_not_take_is_added_later()
    {
        await using var shop = await Workshop.OpenAsync();
        using var counter = Counter(shop);
        counter.Note();
        await shop.ExecuteAsync("ALTER TABLE refused_signatures RENAME TO away");
        await Assert.ThrowsAnyAsync<Exception>(() => counter.SaveAsync(CancellationToken.None));
        await shop.ExecuteAsync("ALTER TABLE away RENAME TO refused_signatures");

        counter.Note();
        await counter.SaveAsync(CancellationToken.None);

        Assert.Equal(2, Assert.Single(await RowsAsync(shop)).Count);
    }

    [Fact]
    public async Task Nothing_is_written_where_nothing_was_refused()
    {
        await using var shop = await Workshop.OpenAsync();
        using var counter = Counter(shop);

        await counter.SaveAsync(CancellationToken.None);

        Assert.Empty(await RowsAsync(shop));
    }

    [Fact]
    public async Task What_was_counted_survives_an_orderly_stop()
    {
        await using var shop = await Workshop.OpenAsync();
        using var counter = Counter(shop);
        await counter.StartAsync(CancellationToken.None);
        counter.Note();

        await counter.StopAsync(CancellationToken.None);

        Assert.Single(await RowsAsync(shop));
    }

    private static RefusedSignatureCounter Counter(Workshop shop) =>
        new(shop.Services, shop.Services.GetRequiredService<IMeterFactory>(), shop.Fakes.Clock, NullLogger<RefusedSignatureCounter>.Instance);

    private static Task<List<RefusedSignatures>> RowsAsync(Workshop shop) =>
        shop.InDatabaseAsync(db => db.RefusedSignatures.AsNoTracking().OrderBy(r => r.Hour).ToListAsync());
}
