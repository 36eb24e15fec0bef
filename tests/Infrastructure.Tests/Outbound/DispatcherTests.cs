using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Infrastructure.Outbound;
using MetaMessaging.Infrastructure.Tests.Inbound;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace MetaMessaging.Infrastructure.Tests.Outbound;

public sealed class DispatcherTests
{
    [Fact]
    public async Task A_conversations_messages_leave_in_their_order()
    {
        await using var workshop = await Workshop.OpenAsync();
        var conversation = Some.Conversation();
        await workshop.AddAsync([.. Enumerable.Range(0, 20).Select(i => Some.Queued(conversation, $"{i}"))]);
        var dispatcher = await StartAsync(workshop);

        for (var i = 0; i < 20; i++) dispatcher.Wake(conversation.Id);
        await UntilNothingIsQueuedAsync(workshop);

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}"), workshop.Fakes.MetaMessages.Sent.Select(s => s.Text));
    }

    [Fact]
    public async Task Sends_wait_while_what_comes_in_is_far_behind()
    {
        await using var workshop = await Workshop.OpenAsync();
        var conversation = Some.Conversation();
        await workshop.AddAsync(Some.Queued(conversation, "patient"));
        workshop.Fakes.Load.Level = LoadLevel.NoSends;
        var dispatcher = await StartAsync(workshop);

        dispatcher.Wake(conversation.Id);
        await Until.True(() => workshop.Fakes.Load.Asked > 0, "the dispatcher has asked");
        Assert.Empty(workshop.Fakes.MetaMessages.Sent);
        workshop.Fakes.Load.Level = LoadLevel.NoEnrichment;
        await UntilNothingIsQueuedAsync(workshop);

        Assert.Single(workshop.Fakes.MetaMessages.Sent);
    }

    [Fact]
    public async Task Conversations_do_not_wait_for_each_other()
    {
        await using var workshop = await Workshop.OpenAsync();
        var (slow, quick) = (Some.Conversation(), Some.Conversation());
        await workshop.AddAsync(Some.Queued(slow, "slow"), Some.Queued(quick, "quick"));
        var answer = new TaskCompletionSource<string>();
        workshop.Fakes.MetaMessages.OnSend = sent => sent.Text == "slow" ? answer.Task : Task.FromResult("m_quick");
        var dispatcher = await StartAsync(workshop);

        dispatcher.Wake(slow.Id);
        await Until.True(() => workshop.Fakes.MetaMessages.Sent.Any(s => s.Text == "slow"), "the slow one is on its way");
        dispatcher.Wake(quick.Id);
        await UntilAsync(workshop, "quick", MessageStatus.Sent);

        Assert.Equal(MessageStatus.Sending, await StatusAsync(workshop, "slow"));
        answer.SetResult("m_slow");
        await UntilAsync(workshop, "slow", MessageStatus.Sent);
    }

    [Fact]
    public async Task One_conversation_is_never_in_two_hands()
    {
        await using var workshop = await Workshop.OpenAsync();
        var conversation = Some.Conversation();
        await workshop.AddAsync([.. Enumerable.Range(0, 30).Select(i => Some.Queued(conversation, $"{i}"))]);
        var (now, most) = (0, 0);
        workshop.Fakes.MetaMessages.OnSend = async _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            await Task.Yield();
            Interlocked.Decrement(ref now);
            return "";
        };
        var dispatcher = await StartAsync(workshop);

        await Parallel.ForAsync(0, 500, TestContext.Current.CancellationToken, (_, _) => { dispatcher.Wake(conversation.Id); return ValueTask.CompletedTask; });
        await UntilNothingIsQueuedAsync(workshop);

        Assert.Equal(1, most);
        Assert.Equal(30, workshop.Fakes.MetaMessages.Sent.Count);
    }

    [Fact]
    public async Task A_message_queued_while_another_is_on_its_way_is_not_forgotten()
    {
        await using var workshop = await Workshop.OpenAsync();
        var conversation = Some.Conversation();
        await workshop.AddAsync(Some.Queued(conversation, "first"));
        var answer = new TaskCompletionSource<string>();
        workshop.Fakes.MetaMessages.OnSend = sent => sent.Text == "first" ? answer.Task : Task.FromResult("m_second");
        var dispatcher = await StartAsync(workshop);
        dispatcher.Wake(conversation.Id);
        await Until.True(() => !workshop.Fakes.MetaMessages.Sent.IsEmpty, "the first is on its way");

        await workshop.InDatabaseAsync(async db =>
        {
            var known = await db.Conversations.Include(c => c.Connection).SingleAsync();
            db.Messages.Add(Some.Queued(known, "second"));
            return await db.SaveChangesAsync();
        });
        dispatcher.Wake(conversation.Id);
        answer.SetResult("m_first");

        await UntilAsync(workshop, "second", MessageStatus.Sent);
    }

    [Fact]
    public async Task A_failure_that_nobody_foresaw_stops_one_conversation_only()
    {
        await using var workshop = await Workshop.OpenAsync();
        var (broken, fine) = (Some.Conversation(), Some.Conversation());
        await workshop.AddAsync(Some.Queued(broken, "broken"), Some.Queued(fine, "fine"));
        workshop.Fakes.MetaMessages.OnSend = sent => sent.Text == "broken" ? throw new InvalidOperationException("a bug") : Task.FromResult("m_fine");
        var dispatcher = await StartAsync(workshop);

        dispatcher.Wake(broken.Id);
        dispatcher.Wake(fine.Id);

        await UntilAsync(workshop, "fine", MessageStatus.Sent);
        Assert.Equal(1, workshop.Fakes.MetaMessages.Sent.Count(s => s.Text == "broken"));
    }

    private static Task<Dispatcher> StartAsync(Workshop workshop)
    {
        var dispatcher = new Dispatcher(workshop.Services, workshop.Fakes.Load, TimeProvider.System, NullLogger<Dispatcher>.Instance);
        workshop.Fakes.Dispatcher.OnWake = dispatcher.Wake;   // as messages wake those behind them
        return workshop.RunAsync(dispatcher);
    }

    private static Task<MessageStatus> StatusAsync(Workshop workshop, string text) =>
        workshop.InDatabaseAsync(db => db.Messages.Where(m => m.Text == text).Select(m => m.Status).SingleAsync());

    private static Task UntilAsync(Workshop workshop, string text, MessageStatus status) =>
        Until.True(async () => await workshop.InDatabaseAsync(db => db.Messages.AnyAsync(m => m.Text == text && m.Status == status)), $"'{text}' is {status}");

    private static Task UntilNothingIsQueuedAsync(Workshop workshop) => Until.True(
        async () => !await workshop.InDatabaseAsync(db => db.Messages.AnyAsync(m => m.Status == MessageStatus.Queued || m.Status == MessageStatus.Sending)), "everything is sent");
}
