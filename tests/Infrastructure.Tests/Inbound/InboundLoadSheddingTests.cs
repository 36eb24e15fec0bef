using System.Text;
using MetaMessaging.Application.Common;
using MetaMessaging.Infrastructure.Inbound;
using MetaMessaging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace MetaMessaging.Infrastructure.Tests.Inbound;

public sealed class InboundLoadSheddingTests
{
    private readonly FakeTimeProvider clock = new(Some.Now);

    [Theory]
    [InlineData(0, LoadLevel.Normal)]
    [InlineData(4, LoadLevel.Normal)]
    [InlineData(5, LoadLevel.NoDownloads)]
    [InlineData(20, LoadLevel.NoEnrichment)]
    [InlineData(40, LoadLevel.NoReceipts)]
    [InlineData(60, LoadLevel.NoSends)]
    public void The_older_the_oldest_delivery_the_more_gives_way(int seconds, LoadLevel expected)
    {
        var load = new InboundLoadShedding(clock);
        load.Note(Some.Now);

        clock.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal(expected, load.Level);
    }

    [Fact]
    public void Nothing_gives_way_to_an_empty_inbox()
    {
        var load = new InboundLoadShedding(clock);
        load.Note(Some.Now.AddHours(-1));

        load.Note(null);

        Assert.Equal(LoadLevel.Normal, load.Level);
    }

    [Fact]
    public async Task The_pump_says_how_far_behind_it_is_even_when_another_node_works()
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.NewLeases().HoldAsync("inbound-pump", TestContext.Current.CancellationToken);
        await workshop.DeliverAsync(Encoding.UTF8.GetBytes("{}"));
        workshop.Fakes.Clock.Advance(TimeSpan.FromSeconds(30));

        await workshop.RunAsync(workshop.NewPump());

        await Until.True(() => workshop.Load.Level is LoadLevel.NoEnrichment, "the backlog has been noticed");
    }
}
