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
    public void More_work_waits_the_older_the_oldest_delivery_is(int seconds, LoadLevel expected)
    {
        var load = new InboundLoadShedding(clock);
        load.Update(Some.Now);

        clock.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal(expected, load.Level);
    }

    [Fact]
    public void The_level_is_normal_when_no_delivery_is_pending()
    {
        var load = new InboundLoadShedding(clock);
        load.Update(Some.Now.AddHours(-1));

        load.Update(null);

        Assert.Equal(LoadLevel.Normal, load.Level);
    }

    [Fact]
    public async Task The_level_rises_on_every_node_even_when_another_node_holds_the_partition()
    {
        await using var host = await WorkerHost.OpenAsync();
        await host.NewNode().BeatAsync();
        await host.DeliverAsync(Encoding.UTF8.GetBytes("{}"));
        host.Fakes.Clock.Advance(TimeSpan.FromSeconds(30));

        await host.RunNodeAsync();

        await Until.True(() => host.Load.Level is LoadLevel.NoEnrichment, "the backlog has been noticed");
    }
}
