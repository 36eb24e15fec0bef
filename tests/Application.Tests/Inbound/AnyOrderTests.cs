using MetaMessaging.Application.SystemConfiguration;
using MetaMessaging.Domain.Common;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Inbound;

/// <summary>
/// Meta repeats and delays its deliveries and sends them out of order. The same events lead to the same state in any order, with
/// repetitions, and however they are split into deliveries.
/// </summary>
public class AnyOrderTests(SliceFixture app) : SliceTest(app)
{
    private const Channel Instagram = Channel.InstagramDm;

    private static readonly MetaEvent[] Events =
    [
        MetaEvent.Text("m_1", "first", 1),
        MetaEvent.Text("m_2", "second", 2, replyTo: "m_1"),
        MetaEvent.Edit("m_2", "second, better", 1, 2.5),
        MetaEvent.Edit("m_2", "second, best", 2, 2.6),
        MetaEvent.Edit("m_2", "second, by another clock", 2, 2.6),
        MetaEvent.Message(
            """
            {
                "mid":"m_3",
                "text":"look",
                "attachments":[{"type":"image","payload":{"url":"https://scontent.xx.fbcdn.net/a.jpg"}}],
                "referral":{"ref":"x"}
            }
            """, 3),
        MetaEvent.Edit("m_3", "look here", 1, 3.1),
        MetaEvent.Reaction("m_3", "❤️", 3.2),
        MetaEvent.Unsend("m_3", 3.5),
        MetaEvent.Echo("e_1", "from the inbox", 4),
        MetaEvent.Echo("e_2", "an answer", 5, replyTo: "m_2"),
        MetaEvent.Echo("e_3", "regretted", 9),
        MetaEvent.Unsend("e_3", 9.5, byAccount: true),
        MetaEvent.Delivered(4.5, "e_1"),
        MetaEvent.Delivered(5.5, "e_2"),
        MetaEvent.Read(4.2),
        MetaEvent.Echo("e_4", "delivered and read by and by", 11),
        MetaEvent.Delivered(11.5),
        MetaEvent.Delivered(12),
        MetaEvent.Read(13),
        MetaEvent.Read(14),
        MetaEvent.Reaction("e_1", "❤️", 6),
        MetaEvent.Reaction("e_1", "🎉", 6.1),
        MetaEvent.Reaction("e_2", "❤️", 6.2),
        MetaEvent.Reaction("e_2", null, 6.3),
        MetaEvent.Other("postback", """{"mid":"p_1","title":"Get Started","payload":"GO","referral":{"ref":"summer"}}""", 7),
        MetaEvent.Other("postback", """{"title":"No mid","payload":"GO"}""", 7.1),
        MetaEvent.Other("referral", """{"ref":"summer","source":"SHORTLINK"}""", 7.5),
        MetaEvent.Other("optin", """{"type":"notification_messages","title":"Deals"}""", 7.6),
        MetaEvent.Other("order", """{"products":[{"name":"Cup","quantity":1}]}""", 7.7),
        MetaEvent.Other("pass_thread_control", """{"new_owner_app_id":"222"}""", 8),
        MetaEvent.Text("s_1", "while another app had the thread", 8.2) with { IsStandby = true },
        MetaEvent.Other("take_thread_control", """{"new_owner_app_id":123456789012345}""", 8.5),
        MetaEvent.Other("request_thread_control", """{"requested_owner_app_id":222}""", 8.7),
        MetaEvent.Text("m_5", "at the same time, greater", 10),
        MetaEvent.Text("m_4", "at the same time, smaller", 10),
        MetaEvent.Edit("m_5", "at the same time, edited", 1, 10.5),
        MetaEvent.Policy("warning", "Careful.", 1),
        MetaEvent.Policy("block", "Spam.", 2),
        MetaEvent.Policy("unblock", null, 3),

        MetaEvent.Read(5, customer: "8888"),
        MetaEvent.Echo("x_1", "to somebody who never wrote", 4, customer: "8888"),
        MetaEvent.Other("referral", """{"source":"ADS","ad_id":"1"}""", 4.4),

        MetaEvent.Text("i_1", "hi", 1, channel: Instagram),
        MetaEvent.Edit("i_1", null, 0, 1, Instagram),
        MetaEvent.Edit("i_lost", null, 0, 1, Instagram),
        MetaEvent.Message(
            """{"mid":"i_2","text":"love it","reply_to":{"story":{"id":"17","url":"https://lookaside.fbsbx.com/story"}}}""", 2, Instagram),
        MetaEvent.Message("""{"mid":"i_3","attachments":[{"type":"ephemeral"}]}""", 2.5, Instagram),
        MetaEvent.Echo("ie_1", "gone", 3, channel: Instagram),
        MetaEvent.Echo("ie_2", "seen", 4, channel: Instagram),
        MetaEvent.Echo("ie_3", "not seen", 5, channel: Instagram),
        MetaEvent.Unsend("ie_1", 6, Instagram, byAccount: true),
        MetaEvent.Seen("ie_2", 6.5),
        MetaEvent.Echo("ie_4", "seen later", 7, channel: Instagram),
        MetaEvent.Echo("ie_5", "seen last", 7.2, channel: Instagram),
        MetaEvent.Seen("ie_4", 9),
        MetaEvent.Seen("ie_5", 9.5),
        MetaEvent.Reaction("ie_2", "😂", 7, Instagram),
        MetaEvent.Unsend("i_3", 8, Instagram),
    ];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 8)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Events_in_any_order_lead_to_the_same_state(int seed)
    {
        await BeginAsync();
        foreach (var body in MetaEvent.Deliver(Events)) await Receive(body);
        var expected = await StateAsync();
        Assert.Contains("second, by another clock", expected, StringComparison.Ordinal);
        await StartAgainAsync();

        var random = new Random(seed);
        List<MetaEvent> shuffled = [.. Events, .. Events.Where(_ => random.Next(3) == 0)];
        random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(shuffled));
        for (var at = 0; at < shuffled.Count;)
        {
            var count = random.Next(1, 12);
            foreach (var body in MetaEvent.Deliver(shuffled.Skip(at).Take(count))) await Receive(body);
            at += count;
        }

        Assert.Equal(expected, await StateAsync());
    }

    [Fact]
    public async Task Repeated_events_change_nothing()
    {
        await BeginAsync();
        foreach (var @event in Events) await Receive(MetaEvent.Deliver(@event).Single());
        var once = await StateAsync();

        foreach (var @event in Events) await Receive(MetaEvent.Deliver(@event).Single());
        foreach (var body in MetaEvent.Deliver(Events.Reverse())) await Receive(body);

        Assert.Equal(once, await StateAsync());
    }

    [Fact]
    public async Task Events_in_reverse_order_lead_to_the_same_state()
    {
        await BeginAsync();
        foreach (var @event in Events) await Receive(MetaEvent.Deliver(@event).Single());
        var forwards = await StateAsync();
        await StartAgainAsync();

        foreach (var @event in Events.Reverse()) await Receive(MetaEvent.Deliver(@event).Single());

        Assert.Equal(forwards, await StateAsync());
    }

    private async Task BeginAsync()
    {
        await Given(Some.SampleConnection());
        await Send(new UpdateSystemConfig("123456789012345", "secret", "verify"));
    }

    private async Task StartAgainAsync()
    {
        await InitializeAsync();
        await BeginAsync();
    }

    /// <summary>Everything that is visible to users, as text and without our own ids.</summary>
    private async Task<string> StateAsync()
    {
        var state = new List<string>();
        var messages = await Rows(db => db.Messages
            .Include(m => m.Conversation).Include(m => m.Attachments).Include(m => m.Reactions)
            .OrderBy(m => m.ExternalId));
        var mids = messages.ToDictionary(m => m.Id, m => m.ExternalId);
        foreach (var m in messages)
        {
            state.Add($"{m.ExternalId} of {m.Conversation.ScopedUserId}: {m.Direction} {m.Status} {m.Kind} “{m.Text}”");
            state.Add($"  {m.QuickReplyPayload}{m.PostbackTitle}{m.PostbackPayload} at {m.OccurredAt:T} sent {m.SentAt:T}");
            state.Add($"  delivered {m.DeliveredAt:O} read {m.ReadAt:O}");
            state.Add($"  edit {m.EditCount} {m.EditedAt:O} deleted {m.DeletedAt:O} {m.EraseDueAt:O}");
            state.Add($"  referral {m.Referral} story {m.ReplyToStoryId} {m.ReplyToStoryUrl}");
            state.Add($"  answers {m.ReplyToExternalId} = {(m.ReplyToMessageId is { } target ? mids[target] : null)}");
            foreach (var a in m.Attachments) state.Add($"  {a.Type} {a.SourceUrl} {a.State}");
            foreach (var r in m.Reactions.OrderBy(r => r.Actor)) state.Add($"  {r.Actor} {r.Emoji} {r.At:O}");
        }

        foreach (var c in await Rows(db => db.Conversations.OrderBy(c => c.ScopedUserId)))
        {
            state.Add($"{c.ScopedUserId}: {c.Status} {c.InboundCount} unread {c.UnreadCount}");
            state.Add($"  last “{c.LastMessagePreview}” {c.LastMessageDirection} {c.LastMessageAt:O}");
            state.Add($"  window {c.LastInboundAt:O} delivered {c.DeliveredUpTo:O} read {c.ReadUpTo:O}");
            state.Add($"  owner {c.ThreadOwnerAppId} {c.ThreadOwnerAt:O}");
        }

        foreach (var e in await Rows(db => db.TimelineEntries.Include(e => e.Conversation).OrderBy(e => e.OccurredAt).ThenBy(e => e.Text)))
            state.Add($"{e.Conversation.ScopedUserId} {e.OccurredAt:O} {e.Kind} {e.Text}");
        foreach (var p in await Rows(db => db.ParkedEvents.OrderBy(p => p.Mid))) state.Add($"parked {p.Kind} {p.Mid} {p.At:O}");

        var connection = await Row(db => db.Connections);
        state.Add($"{connection.PolicyAction} {connection.PolicyReason} {connection.PolicyAt:O}");
        state.Add($"{await Count(db => db.Contacts)} contacts");
        return string.Join('\n', state);
    }
}
