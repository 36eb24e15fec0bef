using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Infrastructure.Outbound;
using MetaMessaging.Infrastructure.Tests.Inbound;
using MetaMessaging.Infrastructure.Tests.Persistence;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace MetaMessaging.Infrastructure.Tests.Outbound;

public sealed class DispatcherTests
{
    [Fact]
    public async Task The_messages_of_a_conversation_are_sent_in_order()
    {
        await using var host = await WorkerHost.OpenAsync();
        var conversation = Some.Conversation();
        await host.AddAsync([.. Enumerable.Range(0, 20).Select(i => Some.Queued(conversation, $"{i}"))]);
        var dispatcher = await StartAsync(host);

        for (var i = 0; i < 20; i++) dispatcher.Wake(conversation.Id);
        await UntilNothingIsQueuedAsync(host);

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}"), host.Fakes.MetaMessages.Sent.Select(s => s.Text));
    }

    [Fact]
    public async Task Sending_waits_while_the_inbound_worker_is_far_behind()
    {
        await using var host = await WorkerHost.OpenAsync();
        var conversation = Some.Conversation();
        await host.AddAsync(Some.Queued(conversation, "patient"));
        host.Fakes.Load.Level = LoadLevel.NoSends;
        var dispatcher = await StartAsync(host);

        dispatcher.Wake(conversation.Id);
        await Until.True(() => host.Fakes.Load.Asked > 0, "the dispatcher has asked");
        Assert.Empty(host.Fakes.MetaMessages.Sent);
        host.Fakes.Load.Level = LoadLevel.NoEnrichment;
        await UntilNothingIsQueuedAsync(host);

        Assert.Single(host.Fakes.MetaMessages.Sent);
    }

    [Fact]
    public async Task Conversations_do_not_wait_for_each_other()
    {
        await using var host = await WorkerHost.OpenAsync();
        var (slow, quick) = (Some.Conversation(), Some.Conversation());
        await host.AddAsync(Some.Queued(slow, "slow"), Some.Queued(quick, "quick"));
        var answer = new TaskCompletionSource<string>();
        host.Fakes.MetaMessages.OnSend = sent => sent.Text == "slow" ? answer.Task : Task.FromResult("m_quick");
        var dispatcher = await StartAsync(host);

        dispatcher.Wake(slow.Id);
        await Until.True(() => host.Fakes.MetaMessages.Sent.Any(s => s.Text == "slow"), "the slow one is on its way");
        dispatcher.Wake(quick.Id);
        await UntilAsync(host, "quick", MessageStatus.Sent);

        Assert.Equal(MessageStatus.Sending, await StatusAsync(host, "slow"));
        answer.SetResult("m_slow");
        await UntilAsync(host, "slow", MessageStatus.Sent);
    }

    [Fact]
    public async Task A_conversation_is_handled_by_one_worker_at_a_time()
    {
        await using var host = await WorkerHost.OpenAsync();
        var conversation = Some.Conversation();
        await host.AddAsync([.. Enumerable.Range(0, 30).Select(i => Some.Queued(conversation, $"{i}"))]);
        var (now, most) = (0, 0);
        host.Fakes.MetaMessages.OnSend = async _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            await Task.Yield();
            Interlocked.Decrement(ref now);
            return "";
        };
        var dispatcher = await StartAsync(host);

        await Parallel.ForAsync(0, 500, TestContext.Current.CancellationToken, (_, _) =>
        {
            dispatcher.Wake(conversation.Id);
            return ValueTask.CompletedTask;
        });
        await UntilNothingIsQueuedAsync(host);

        Assert.Equal(1, most);
        Assert.Equal(30, host.Fakes.MetaMessages.Sent.Count);
    }

    [Fact]
    public async Task A_message_queued_during_a_send_is_sent_afterwards()
    {
        await using var host = await WorkerHost.OpenAsync();
        var conversation = Some.Conversation();
        await host.AddAsync(Some.Queued(conversation, "first"));
        var answer = new TaskCompletionSource<string>();
        host.Fakes.MetaMessages.OnSend = sent => sent.Text == "first" ? answer.Task : Task.FromResult("m_second");
        var dispatcher = await StartAsync(host);
        dispatcher.Wake(conversation.Id);
        await Until.True(() => !host.Fakes.MetaMessages.Sent.IsEmpty, "the first is on its way");

        await host.InDatabaseAsync(async db =>
        {
            var known = await db.Conversations.Include(c => c.Connection).SingleAsync();
            db.Messages.Add(Some.Queued(known, "second"));
            return await db.SaveChangesAsync();
        });
        dispatcher.Wake(conversation.Id);
        answer.SetResult("m_first");

        await UntilAsync(host, "second", MessageStatus.Sent);
    }

    [Fact]
    public async Task An_unexpected_failure_stops_one_conversation_only()
    {
        await using var host = await WorkerHost.OpenAsync();
        var (broken, fine) = (Some.Conversation(), Some.Conversation());
        await host.AddAsync(Some.Queued(broken, "broken"), Some.Queued(fine, "fine"));
        host.Fakes.MetaMessages.OnSend = sent =>
            sent.Text == "broken" ? throw new InvalidOperationException("a bug") : Task.FromResult("m_fine");
        var dispatcher = await StartAsync(host);

        dispatcher.Wake(broken.Id);
        dispatcher.Wake(fine.Id);

        await UntilAsync(host, "fine", MessageStatus.Sent);
        Assert.Equal(1, host.Fakes.MetaMessages.Sent.Count(s => s.Text == "broken"));
    }

    [Fact]
    public async Task An_outcome_is_saved_again_after_deadlocks()
    {
        var faults = new DatabaseFaults();
        await using var host = await WorkerHost.OpenAsync(faults);
        var conversation = Some.Conversation();
        await host.AddAsync(Some.Queued(conversation, "sent once"));
        var fails = false;
        host.Fakes.MetaMessages.OnSend = _ =>
        {
            // After the first the outcome is saved apart from the next claim.
            for (var i = 0; i < 3; i++) faults.NextCommands.Enqueue(SqlServerErrors.Deadlock());
            fails = true;
            return Task.FromResult("m_1");
        };
        var dispatcher = await StartAsync(host);

        dispatcher.Wake(conversation.Id);
        await Until.True(() => fails && faults.NextCommands.IsEmpty, "the database has failed three times");
        await UntilAsync(host, "sent once", MessageStatus.Sent);

        Assert.Single(host.Fakes.MetaMessages.Sent);
    }

    private static Task<Dispatcher> StartAsync(WorkerHost host)
    {
        var dispatcher = new Dispatcher(host.Services, host.Fakes.Load, NullLogger<Dispatcher>.Instance);
        host.Fakes.Dispatcher.OnWake = dispatcher.Wake;   // as messages wake those behind them
        return host.RunAsync(dispatcher);
    }

    private static Task<MessageStatus> StatusAsync(WorkerHost host, string text) =>
        host.InDatabaseAsync(db => db.Messages.Where(m => m.Text == text).Select(m => m.Status).SingleAsync());

    private static Task UntilAsync(WorkerHost host, string text, MessageStatus status) =>
        Until.True(
            async () => await host.InDatabaseAsync(db => db.Messages.AnyAsync(m => m.Text == text && m.Status == status)),
            $"'{text}' is {status}");

    private static Task UntilNothingIsQueuedAsync(WorkerHost host) => Until.True(
        async () => !await host.InDatabaseAsync(db => db.Messages.AnyAsync(
            m => m.Status == MessageStatus.Queued || m.Status == MessageStatus.Sending)),
        "everything is sent");
}
