using System.Text.Json;
using MetaMessaging.Application.Common;
using MetaMessaging.Infrastructure.Nodes;
using MetaMessaging.Infrastructure.Tests.Inbound;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MetaMessaging.Infrastructure.Tests.Nodes;

public sealed class NodeMessageTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2025, 10, 9, 9, 0, 0, TimeSpan.Zero));

    private WorkerHost host = null!;
    private TestNode one = null!;
    private TestNode other = null!;

    public async ValueTask InitializeAsync()
    {
        host = await WorkerHost.OpenAsync();
        (one, other) = (new TestNode(host, clock), new TestNode(host, clock));
    }

    public async ValueTask DisposeAsync()
    {
        one.Dispose();
        other.Dispose();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Another_node_gets_each_message_once_and_the_sender_none()
    {
        await MeetAsync();

        for (var number = 1; number <= 3; number++) one.Queue.Send("number", number);
        one.Queue.Send("number", 3);
        one.Queue.Send("of a newer version", new { });
        await one.Writer.WriteAsync(TestContext.Current.CancellationToken);
        foreach (var node in new[] { one, other })
            for (var time = 0; time < 2; time++) await node.Reader.ReadAsync(TestContext.Current.CancellationToken);

        Assert.Equal([1, 2, 3], other.Received);
        Assert.Empty(one.Received);
        Assert.Equal(2, await CountRowsAsync());   // one for each kind
    }

    [Fact]
    public async Task A_node_alone_stores_nothing_until_another_comes_and_then_the_last_ten_seconds()
    {
        await one.BeatAsync();
        one.Queue.Send("number", 1);
        clock.Advance(NodeMessageQueue.MaxAge + TimeSpan.FromSeconds(1));
        await one.BeatAsync();
        one.Queue.Send("number", 2);
        await one.Writer.WriteAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, await CountRowsAsync());

        await MeetAsync();
        await one.Writer.WriteAsync(TestContext.Current.CancellationToken);
        await other.Reader.ReadAsync(TestContext.Current.CancellationToken);

        Assert.Equal([2], other.Received);
    }

    [Fact]
    public async Task A_row_that_becomes_visible_after_one_with_a_higher_id_is_read()
    {
        await MeetAsync();
        await StoreAsync(id: 20, number: 20);
        await other.Reader.ReadAsync(TestContext.Current.CancellationToken);

        clock.Advance(TimeSpan.FromSeconds(10));
        await StoreAsync(id: 19, number: 19);
        await other.Reader.ReadAsync(TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(10));
        await StoreAsync(id: 21, number: 21);
        for (var time = 0; time < 2; time++) await other.Reader.ReadAsync(TestContext.Current.CancellationToken);

        Assert.Equal([20, 19, 21], other.Received);
    }

    [Fact]
    public async Task A_handler_that_fails_costs_its_row_only()
    {
        await MeetAsync();
        await StoreAsync(id: 1, number: TestNode.Failing);
        await StoreAsync(id: 2, number: 2);

        await other.Reader.ReadAsync(TestContext.Current.CancellationToken);

        Assert.Equal([2], other.Received);
    }

    [Fact]
    public async Task What_could_not_be_stored_is_stored_by_the_next_try()
    {
        await MeetAsync();
        one.Queue.Send("number", 1);
        await host.ExecuteAsync("ALTER TABLE node_messages RENAME TO away");
        await Assert.ThrowsAnyAsync<Exception>(() => one.Writer.WriteAsync(TestContext.Current.CancellationToken));
        await host.ExecuteAsync("ALTER TABLE away RENAME TO node_messages");

        one.Queue.Send("number", 2);
        await one.Writer.WriteAsync(TestContext.Current.CancellationToken);
        await other.Reader.ReadAsync(TestContext.Current.CancellationToken);

        Assert.Equal([1, 2], other.Received);
    }

    [Fact]
    public async Task Rows_are_deleted_after_two_minutes()
    {
        await MeetAsync();
        one.Queue.Send("number", 1);
        await one.Writer.WriteAsync(TestContext.Current.CancellationToken);

        clock.Advance(NodeMessageWriter.KeptFor + TimeSpan.FromSeconds(1));
        await MeetAsync();
        one.Queue.Send("number", 2);
        await one.Writer.WriteAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, await CountRowsAsync());
    }

    [Fact]
    public async Task A_node_that_could_not_read_for_ten_seconds_tells_its_handlers_that_they_may_have_missed_something()
    {
        await MeetAsync();
        await other.Reader.StartAsync(TestContext.Current.CancellationToken);
        await StoreAsync(id: 1, number: 1);
        await Until.True(() => other.Received.Count == 1, "the reader runs");

        clock.Advance(NodeRegistry.Lifetime + TimeSpan.FromSeconds(1));

        await Until.True(() => other.TimesMissed == 1, "the handlers are told");
        await other.Reader.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_node_that_cannot_write_ends_all_the_same()
    {
        await MeetAsync();
        one.Queue.Send("number", 1);
        await host.ExecuteAsync("ALTER TABLE node_messages RENAME TO away");

        await one.Writer.StopAsync(new CancellationToken(canceled: true));
    }

    private async Task MeetAsync()
    {
        for (var time = 0; time < 2; time++)   // the first writes when the node was started
        {
            await one.BeatAsync();
            await other.BeatAsync();
        }

        await one.BeatAsync();
    }

    private Task StoreAsync(long id, int number) => host.ExecuteAsync(
        $"""
        INSERT INTO node_messages (id, node_id, kind, body, sent_at)
        VALUES ({id}, '{one.Registry.Id}', 'number', '[{number}]', '2025-10-09 09:00:00')
        """);

    private Task<int> CountRowsAsync() => host.InDatabaseAsync(db => db.Set<NodeMessage>().CountAsync());

    private sealed class TestNode : INodeMessageHandler, IDisposable
    {
        public const int Failing = -1;

        private readonly WorkerHost host;
        private readonly NodeWakeUps wakeUps;

        public TestNode(WorkerHost host, TimeProvider clock)
        {
            this.host = host;
            Registry = new NodeRegistry(clock);
            Queue = new NodeMessageQueue(clock);
            wakeUps = new NodeWakeUps(new RedisOptions(Configuration: null), Registry, clock, NullLogger<NodeWakeUps>.Instance);
            Writer = new NodeMessageWriter(Queue, Registry, wakeUps, host.Services, clock, NullLogger<NodeMessageWriter>.Instance);
            Reader = new NodeMessageReader(Registry, wakeUps, [this], host.Services, clock, NullLogger<NodeMessageReader>.Instance);
        }

        public NodeRegistry Registry { get; }

        public NodeMessageQueue Queue { get; }

        public NodeMessageWriter Writer { get; }

        public NodeMessageReader Reader { get; }

        public List<int> Received { get; } = [];

        public int TimesMissed { get; private set; }

        public string Kind => "number";

        public Task HandleAsync(JsonElement message)
        {
            var number = message.GetInt32();
            if (number == Failing) throw new InvalidOperationException("This message cannot be applied.");
            Received.Add(number);
            return Task.CompletedTask;
        }

        public Task MissedAsync()
        {
            TimesMissed++;
            return Task.CompletedTask;
        }

        public Task<bool> BeatAsync() => host.InDatabaseAsync(async db =>
        {
            await Registry.RecordAsync(db, TestContext.Current.CancellationToken);
            await Registry.ReadAsync(db, TestContext.Current.CancellationToken);
            return true;
        });

        public void Dispose()
        {
            Queue.Dispose();
            wakeUps.Dispose();
            Writer.Dispose();
            Reader.Dispose();
        }
    }
}
