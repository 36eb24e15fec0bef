using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Compliance;
using MetaMessaging.Application.Connections;
using MetaMessaging.Application.Contacts;
using MetaMessaging.Application.Conversations;
using MetaMessaging.Application.Dashboard;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Application.Operations;
using MetaMessaging.Application.Outbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Figures;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.Application.Tests.Dashboard;

/// <summary>
/// The kept figures, compared with a count of all rows while everything happens that can happen to messages, through the product's own
/// requests and in an order that a seed decides.
/// </summary>
public class FiguresTests(SliceFixture app) : SliceTest(app)
{
    private const int Steps = 700;
    private const int Customers = 8;

    private static readonly string[] Zones =
        ["UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe"];

    /// <summary>Two weeks before Berlin's clocks change, and three before those of St. John's.</summary>
    private static readonly DateOnly FirstDay = new(2025, 10, 5);

    private readonly SliceFixture app = app;
    private readonly HashSet<long> expiredConversations = [];
    private readonly HashSet<MessageStatus> seenStatuses = [];
    private Random random = new(0);
    private int maxWaits;
    private int mids;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Kept_figures_are_what_a_count_finds_whatever_happens(int seed)
    {
        random = new Random(seed);
        await Given(Some.SampleConnection());
        await Given(Some.Inbound(Some.Conversation(organizationId: Some.OtherOrganizationId)));

        for (var step = 1; step <= Steps; step++)
        {
            Clock.Advance(TimeSpan.FromMinutes(random.Next(100) == 0 ? random.Next(2000) : random.Next(60)));
            await TryAsync();
            if (step % 20 == 0) await CompareCountersAsync(step);
            if (step % 100 == 0) await CompareDashboardAsync(step);
        }

        Assert.Equal(0, (await RebuildAsync()).CorrectedRows);
        Assert.Equal(Enum.GetValues<MessageStatus>().Length, seenStatuses.Count);
        Assert.True(maxWaits > 10, $"At most {maxWaits} answers had been waited for.");
    }

    [Fact]
    public async Task A_rebuild_corrects_what_is_wrong()
    {
        random = new Random(5);
        await Given(Some.SampleConnection());
        for (var step = 0; step < 150; step++)
        {
            Clock.Advance(TimeSpan.FromMinutes(random.Next(60)));
            await TryAsync();
        }

        await Change(async db =>
        {
            await db.MessageRollups.ExecuteDeleteAsync();
            await db.ResponseRollups.ExecuteUpdateAsync(set => set.SetProperty(r => r.Responses, r => r.Responses + 3));
            await db.ContactRollups.ExecuteDeleteAsync();
            await db.Counters.ExecuteUpdateAsync(set => set.SetProperty(c => c.Value, c => c.Value - 5));
            await db.Messages.ExecuteUpdateAsync(set => set.SetProperty(m => m.WaitedSince, (DateTimeOffset?)null));
            await db.Conversations.ExecuteUpdateAsync(set => set.SetProperty(c => c.WaitingSince, (DateTimeOffset?)null));
        });
        await RebuildAsync();

        await CompareCountersAsync(0);
        await CompareDashboardAsync(0);
        Assert.Equal(0, (await RebuildAsync()).CorrectedRows);
    }

    [Fact]
    public async Task What_other_processes_have_counted_of_no_organization_is_part_of_the_same_sum()
    {
        await Change(db => db.Counters.AddRangeAsync(
            new Counter { OrganizationId = -101, Name = CounterName.PendingDeliveries, Value = 5 },
            new Counter { OrganizationId = -102, Name = CounterName.PendingDeliveries, Value = -5 }));

        Assert.Equal(0, (await RebuildAsync()).CorrectedRows);
    }

    /// <summary>The inbound worker counts what comes, while several agents read, close, reopen and answer the same conversations.</summary>
    [Fact]
    public async Task Writers_at_the_same_time_lose_none_of_each_others_changes()
    {
        await Given(Some.SampleConnection());
        for (var customer = 0; customer < 3; customer++) await ReceiveFromAsync(customer);
        var ids = await Rows(db => db.Conversations.OrderBy(c => c.Id).Select(c => c.Id));

        await Task.WhenAll(Enumerable.Range(0, 6).Select(writer => Task.Run(async () =>
        {
            for (var round = 0; round < 40; round++)
            {
                var id = ids[(round + writer) % ids.Count];
                if (writer == 0) await ReceiveFromAsync(round % 3);
                else if (writer == 1) await Send(new MarkConversationRead(id));
                else if (writer == 2) await Send(new SendMessage(id, "How can we help?"));
                else if (writer == 3) await Send(new MarkConversationUnread(id));
                else await Send(new UpdateConversation(id, (ConversationStatus)(2 * (round % 2)), null, null));
            }
        })));

        await CompareCountersAsync(0);
        await CompareDashboardAsync(0);
        Assert.Equal(0, (await RebuildAsync()).CorrectedRows);

        Task<WebhookDelivery> ReceiveFromAsync(int customer) => Receive(
            Payload.Text("Hello", $"m_{Interlocked.Increment(ref mids)}", $"7{customer}", at: Clock.GetUtcNow().ToUnixTimeMilliseconds()));
    }

    private Task<RebuiltRollups> RebuildAsync() => InSystem(new RebuildRollups());

    /// <summary>What the product refuses, such as an answer outside the window, changes nothing.</summary>
    private async Task TryAsync()
    {
        try
        {
            await ActAsync(random.Next(100));
        }
        catch (Exception exception) when (exception is DomainException or ConflictException or NotFoundException)
        {
        }
    }

    private Task ActAsync(int action) => action switch
    {
        < 25 => ReceiveTextAsync(),
        < 33 => ReceiveEchoAsync(),
        < 45 => SendAsync(),
        < 55 => ReceiveReceiptAsync(),
        < 58 => RetryAsync(),
        < 61 => ReceiveUnsendOrEditAsync(),
        < 64 => ReceiveReactionAsync(),
        < 70 => OfConversationAsync(c => Send(new MarkConversationRead(c.Id))),
        < 74 => OfConversationAsync(c => Send(new MarkConversationUnread(c.Id))),
        < 78 => OfConversationAsync(c => Send(new UpdateConversation(c.Id, ConversationStatus.Closed, null, null))),
        < 80 => OfConversationAsync(c => Send(new UpdateConversation(c.Id, ConversationStatus.Open, Some.AgentId, null))),
        < 83 => OfConversationAsync(c => Send(new UpdateConversation(
            c.Id, ConversationStatus.Snoozed, null, Clock.GetUtcNow().AddMinutes(1 + random.Next(600))))),
        < 85 => MergeAsync(),
        < 88 => UnmergeAsync(),
        < 90 => EraseAsync(),
        < 92 => ReplayAsync(),
        < 94 => InSystem(new PurgeDeliveries()),
        < 95 => DisconnectAsync(),
        < 97 => ExpireAsync(),
        _ => ReconcileAsync(),
    };

    private Task<WebhookDelivery> ReceiveTextAsync() => Receive(Event("message", $$"""{"mid":"{{NextMid()}}","text":"Hello"}"""));

    private Task<WebhookDelivery> ReceiveEchoAsync() =>
        Receive(Event("message", $$"""{"mid":"{{NextMid()}}","text":"Answer","is_echo":true}""", byPage: true));

    /// <summary>Up to an hour ago; sometimes long ago, when a delivery comes late.</summary>
    private long SomeTime() => Clock.GetUtcNow()
        .AddMinutes(-random.Next(random.Next(10) == 0 ? 3000 : random.Next(3) == 0 ? 90 : 2)).ToUnixTimeMilliseconds();

    private (string Account, string Customer, bool IsInstagram) SomeCustomer()
    {
        var number = random.Next(Customers);
        return number % 3 == 0 ? (Some.IgAccountId, $"9{number}", true) : (Some.PageId, $"8{number}", false);
    }

    private byte[] Event(string key, string json, bool byPage = false)
    {
        var (account, customer, isInstagram) = SomeCustomer();
        return Delivery(account, customer, isInstagram, key, json, byPage);
    }

    private byte[] Delivery(string account, string customer, bool isInstagram, string key, string json, bool byPage)
    {
        var item = byPage ? Payload.Item(key, json, account, customer, SomeTime()) : Payload.Item(key, json, customer, account, SomeTime());
        return System.Text.Encoding.UTF8.GetBytes(
            $$"""{"object":"{{(isInstagram ? "instagram" : "page")}}","entry":[{"id":"{{account}}","time":1,"messaging":[{{item}}]}]}""");
    }

    private async Task ReceiveReceiptAsync()
    {
        var upTo = SomeTime();
        await Receive(random.Next(2) == 0
            ? Event("read", $$"""{"watermark":{{upTo}}}""")
            : Event("delivery", $$"""{"watermark":{{upTo}}}"""));
    }

    private async Task ReceiveUnsendOrEditAsync()
    {
        if (await SomeRowAsync(db => db.Messages.Include(m => m.Conversation).Where(m => m.ExternalId != null)) is not { } message) return;
        var isInstagram = message.Channel is Channel.InstagramDm;
        var json = random.Next(2) == 0
            ? $$"""{"mid":"{{message.ExternalId}}","is_deleted":true}"""
            : $$"""{"mid":"{{message.ExternalId}}","text":"Edited","num_edit":{{random.Next(5)}}}""";
        await Receive(Delivery(
            isInstagram ? Some.IgAccountId : Some.PageId, message.Conversation.ScopedUserId, isInstagram,
            json.Contains("num_edit", StringComparison.Ordinal) ? "message_edit" : "message", json, byPage: false));
    }

    private async Task ReceiveReactionAsync()
    {
        if (await SomeRowAsync(db => db.Messages.Include(m => m.Conversation).Where(m => m.ExternalId != null)) is not { } message) return;
        var isInstagram = message.Channel is Channel.InstagramDm;
        await Receive(Delivery(
            isInstagram ? Some.IgAccountId : Some.PageId, message.Conversation.ScopedUserId, isInstagram, "reaction",
            $$"""{"mid":"{{message.ExternalId}}","emoji":"❤","action":"react"}""", byPage: false));
    }

    private async Task SendAsync()
    {
        if (await SomeRowAsync(db => db.Conversations) is not { } conversation) return;
        Caller.SentBy = random.Next(3) switch
        {
            0 => Some.Software,
            1 => Some.Agent,
            _ => null,
        };
        var outcome = random.Next(10);
        MetaMessages.OnSend = outcome switch
        {
            < 6 => _ => Task.FromResult(NextMid()),
            < 8 => _ => throw Some.Refused(RefusalClass.Parameter),
            < 9 => _ => throw Some.Refused(RefusalClass.Transient),
            _ => _ => throw Some.Refused(RefusalClass.OutcomeUnknown),
        };
        MessageTag? tag = Caller.SentBy == Some.Software ? null : MessageTag.HumanAgent;
        await Send(new SendMessage(conversation.Id, "How can we help?", Tag: tag));
        if (random.Next(5) > 0) await InSystem(new DeliverMessages(conversation.Id));
    }

    private async Task RetryAsync()
    {
        if (await SomeRowAsync(db => db.Messages.Where(m => m.Status == MessageStatus.Failed)) is not { } message) return;
        Caller.SentBy = null;
        MetaMessages.OnSend = _ => random.Next(3) == 0 ? throw Some.Refused(RefusalClass.Parameter) : Task.FromResult(NextMid());
        await Send(new RetryMessage(message.Id));
        if (random.Next(3) > 0) await InSystem(new DeliverMessages(message.ConversationId));
    }

    private async Task ReconcileAsync()
    {
        if (await SomeRowAsync(db => db.Messages.Where(m => m.Status == MessageStatus.Sending)) is not { } message) return;
        Clock.Advance(TimeSpan.FromMinutes(2));
        MetaMessages.OnListRecent = _ => random.Next(2) == 0 ? [] : throw Some.Refused(RefusalClass.Parameter);
        await InSystem(new ReconcileSend(message.Id));
    }

    private async Task OfConversationAsync(Func<Conversation, Task> act)
    {
        if (await SomeRowAsync(db => db.Conversations) is { } conversation) await act(conversation);
    }

    private async Task MergeAsync()
    {
        var contacts = await Rows(db => db.Contacts.Where(c => c.OrganizationId == Some.OrganizationId));
        if (contacts.Count < 2) return;
        var first = random.Next(contacts.Count);
        await Send(new MergeContacts(contacts[first].Id, contacts[(first + 1) % contacts.Count].Id));
    }

    private async Task UnmergeAsync()
    {
        var contacts = await Rows(db => db.Contacts.Include(c => c.Facebook).Include(c => c.Instagram));
        var merged = contacts.Where(c => c.Facebook.Count + c.Instagram.Count > 1).ToList();
        if (merged.Count == 0) return;
        var contact = merged[random.Next(merged.Count)];
        var id = contact.Facebook.Select(f => f.Psid).Concat(contact.Instagram.Select(i => i.Igsid)).First();
        await Send(new UnmergeContact(contact.Id, long.Parse(id, System.Globalization.CultureInfo.InvariantCulture)));
    }

    private async Task EraseAsync()
    {
        if (await SomeRowAsync(db => db.Contacts) is { } contact) await Send(new EraseContact(contact.Id));
    }

    private async Task ReplayAsync()
    {
        var deliveries = await Rows(db => db.WebhookDeliveries);
        if (deliveries.Count == 0) return;
        var delivery = deliveries[random.Next(deliveries.Count)];
        Caller.IsSystemAdmin = true;
        if (random.Next(2) == 0) await Send(new ReplayWebhookDelivery(delivery.Id));
        else await Send(new ReplayWebhookDeliveries(State: WebhookDeliveryState.Processed));
        Caller.IsSystemAdmin = false;
        if (random.Next(4) > 0) await ProcessPendingAsync();
    }

    private Task<int> ProcessPendingAsync() => app.InSystemAsync(async scope =>
    {
        var db = scope.GetRequiredService<IAppDbContext>();
        var processor = scope.GetRequiredService<InboundProcessor>();
        var pending = await db.WebhookDeliveries.AsNoTracking().Where(d => d.State == WebhookDeliveryState.Pending)
            .OrderBy(d => d.Id).Take(100).ToListAsync();
        await processor.ApplyAsync(
            [.. pending.Select(d => new ParsedDelivery(d, WebhookPayload.Parse(d.Payload, d.ReceivedAt, d.Id), null))],
            CancellationToken.None);
        await processor.SaveAsync(CancellationToken.None);
        return pending.Count;
    });

    private async Task DisconnectAsync()
    {
        var connection = await Row(db => db.Connections.Where(c => c.OrganizationId == Some.OrganizationId));
        await Send(new DisconnectPage(connection.Id));
        await Change(async db => Some.Reconnect(await db.Connections.SingleAsync(c => c.Id == connection.Id), Clock.GetUtcNow()));
    }

    private async Task ExpireAsync()
    {
        await Send(new ChangeRetention(1 + random.Next(6), null, 1 + random.Next(6), null));
        var before = await Rows(db => db.Messages.Select(m => new { m.Id, m.ConversationId }));
        await InSystem(new DeleteExpiredData());
        var left = (await Rows(db => db.Messages.Select(m => m.Id))).ToHashSet();
        expiredConversations.UnionWith(before.Where(m => !left.Contains(m.Id)).Select(m => m.ConversationId));
    }

    private async Task CompareCountersAsync(int step)
    {
        var conversations = await Rows(db => db.Conversations);
        var deliveries = await Rows(db => db.WebhookDeliveries);
        var counted = conversations
            .SelectMany(c => new[]
            {
                (c.OrganizationId, Name: CounterName.OpenConversations, Counts: c.Status is ConversationStatus.Open),
                (c.OrganizationId, Name: CounterName.UnreadConversations, Counts: c.UnreadCount > 0),
            })
            .Where(c => c.Counts).Select(c => (c.OrganizationId, c.Name))
            .Concat(deliveries.Select(d => (d.OrganizationId ?? Counter.NoOrganization, d.State switch
            {
                WebhookDeliveryState.Pending when d.ProcessedAt is not null => CounterName.ReplayedDeliveries,
                WebhookDeliveryState.Pending => CounterName.PendingDeliveries,
                WebhookDeliveryState.Processed => CounterName.ProcessedDeliveries,
                WebhookDeliveryState.Failed => CounterName.FailedDeliveries,
                _ => CounterName.IgnoredDeliveries,
            })))
            .GroupBy(c => c).Select(g => $"{g.Key}: {g.Count()}").Order().ToList();
        var kept = (await Rows(db => db.Counters)).Where(c => c.Value != 0)
            .Select(c => $"{(c.OrganizationId, c.Name)}: {c.Value}").Order().ToList();

        Assert.Equal(string.Join('\n', [$"step {step}", .. counted]), string.Join('\n', [$"step {step}", .. kept]));
    }

    private async Task CompareDashboardAsync(int step)
    {
        var messages = await Rows(db => db.Messages.Where(m => m.OrganizationId == Some.OrganizationId));
        await CompareWaitsAsync(step, messages);
        seenStatuses.UnionWith(messages.Select(m => m.Status));
        maxWaits = Math.Max(maxWaits, messages.Count(m => m.WaitedSince is not null));
        foreach (var name in Zones)
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
            var last = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Clock.GetUtcNow(), zone).DateTime).AddDays(1);
            var connectionId = random.Next(2) == 0 ? null : messages.FirstOrDefault()?.ConnectionId;
            long? agentId = connectionId is not null ? null : random.Next(3) switch { 0 => Some.AgentId, 1 => Some.AdminId, _ => null };
            var expected = await CountAsync(messages, zone, FirstDay, last, connectionId, agentId);

            var dashboard = await Send(new GetDashboard(FirstDay, last, name, connectionId, agentId));

            Assert.Equal(
                string.Join('\n', [$"step {step} in {name}", .. expected]),
                string.Join('\n', [$"step {step} in {name}", .. Lines(dashboard)]));
        }
    }

    private static IEnumerable<string> Lines(DashboardModel dashboard)
    {
        var totals = dashboard.Totals;
        yield return $"{totals.NewContacts} contacts, {totals.OpenConversations} open, response {totals.MedianFirstResponseSeconds:0.000}";
        foreach (var d in dashboard.Series.Where(d => d.Inbound + d.Outbound > 0))
            yield return $"{d.Date:O} {d.Channel} {d.Inbound} {d.Outbound} {d.Delivered} {d.Read} {d.Failed}";
        yield return $"{totals.Inbound} {totals.Outbound} {totals.Delivered} {totals.Read} {totals.Failed}";
    }

    private async Task<List<string>> CountAsync(
        List<Message> all, TimeZoneInfo zone, DateOnly from, DateOnly to, long? connectionId, long? agentId)
    {
        DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);
        bool IsShown(DateTimeOffset at) => DayOf(at) >= from && DayOf(at) <= to;

        all = [.. all.Where(m => (connectionId is null || m.ConnectionId == connectionId)
            && (agentId is null || (m.Origin is MessageOrigin.Agent && m.SenderId == agentId)))];
        var messages = all.Where(m => IsShown(m.OccurredAt)).ToList();
        var contacts = (await Rows(db => db.Contacts.Where(c => c.OrganizationId == Some.OrganizationId)))
            .Count(c => IsShown(c.CreatedAt));
        var open = (await Rows(db => db.Conversations.Where(c => c.OrganizationId == Some.OrganizationId)))
            .Count(c => c.StatusAt(Clock.GetUtcNow()) is ConversationStatus.Open);
        var waits = all.Where(m => IsShown(HourOf(m.OccurredAt)) && m.Status is not MessageStatus.Failed && m.WaitedSince is not null)
            .Select(m => (long)(m.OccurredAt - m.WaitedSince!.Value).TotalMilliseconds).Order().ToList();
        var median = ResponseRollup.MedianSeconds(waits.Select(
            w => new ResponseRollup { Bucket = ResponseRollup.BucketOf(w), Responses = 1, Milliseconds = w }));
        if (waits.Count > 0)
            Assert.InRange(median!.Value, 0.91 * ExactMedian(waits), (1.1 * ExactMedian(waits)) + 0.001);

        var lines = new List<string> { $"{contacts} contacts, {open} open, response {median:0.000}" };
        lines.AddRange(messages.GroupBy(m => (Day: DayOf(m.OccurredAt), m.Channel)).OrderBy(g => g.Key).Select(g =>
            $"{g.Key.Day:O} {g.Key.Channel} {Count(g)}"));
        lines.Add(Count(messages));
        return lines;
    }

    private static DateTimeOffset HourOf(DateTimeOffset at) =>
        DateTimeOffset.UnixEpoch.AddHours(RollupSlots.SlotOf(at, RollupSlots.Hour));

    private static string Count(IEnumerable<Message> messages)
    {
        var outbound = messages.Where(m => m.Direction is MessageDirection.Outbound).ToList();
        var read = outbound.Count(m => m.Status is MessageStatus.Read);
        var delivered = read + outbound.Count(m => m.Status is MessageStatus.Delivered);
        var failed = outbound.Count(m => m.Status is MessageStatus.Failed);
        return $"{messages.Count() - outbound.Count} {outbound.Count} {delivered} {read} {failed}";
    }

    private static double ExactMedian(List<long> sorted) => (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2000.0;

    /// <summary>From a customer's first unanswered message to the first answer that has not failed.</summary>
    private async Task CompareWaitsAsync(int step, List<Message> messages)
    {
        var conversations = await Rows(db => db.Conversations.Where(c => c.OrganizationId == Some.OrganizationId));
        foreach (var conversation in conversations.Where(c => !expiredConversations.Contains(c.Id)))
        {
            DateTimeOffset? waitingSince = null;
            var ofConversation = messages.Where(m => m.ConversationId == conversation.Id)
                .OrderBy(m => m.OccurredAt).ThenBy(m => m.Direction is MessageDirection.Outbound).ThenBy(m => m.Id);
            foreach (var message in ofConversation)
            {
                var isAnswer = message.Direction is MessageDirection.Outbound && message.Status is not MessageStatus.Failed;
                Assert.Equal((step, message.Id, isAnswer ? waitingSince : null), (step, message.Id, message.WaitedSince));
                if (isAnswer) waitingSince = null;
                else if (message.Direction is MessageDirection.Inbound) waitingSince ??= message.OccurredAt;
            }

            Assert.Equal((step, conversation.Id, waitingSince), (step, conversation.Id, conversation.WaitingSince));
        }
    }

    private Task<T> InSystem<T>(IRequest<T> request) => app.InSystemAsync(scope => scope.GetRequiredService<IMediator>().Send(request));

    private string NextMid() => $"m_{++mids}";

    private async Task<T?> SomeRowAsync<T>(Func<IAppDbContext, IQueryable<T>> query) where T : class, IOwnedByOrganization
    {
        var rows = await Rows(db => query(db).Where(r => r.OrganizationId == Some.OrganizationId));
        return rows.Count == 0 ? null : rows[random.Next(rows.Count)];
    }
}
