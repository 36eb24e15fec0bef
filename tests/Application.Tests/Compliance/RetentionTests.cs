using System.Text.RegularExpressions;
using FluentValidation;
using MetaMessaging.Application.Compliance;
using MetaMessaging.Application.Conversations;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Compliance;

public class RetentionTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Old_messages_go_with_all_that_belongs_to_them_and_their_conversation_stays()
    {
        var conversation = await Given(Some.Conversation());
        var old = await Given(Some.Inbound(
            conversation, "an old word", null, null, new AttachmentContent("image", "https://scontent.xx.fbcdn.net/p.jpg")));
        Media.OnDownload = _ => new StoredMedia("2025/10/picture", "2025/10/thumbnail", "image/jpeg", 3, "p.jpg");
        await Send(new DownloadAttachment(old.Attachments[0].Id));
        await Change(async db =>
        {
            var message = await db.Messages.Include(m => m.Reactions).SingleAsync();
            message.React(ReactionActor.Contact, "❤", Clock.Now);
            db.TimelineEntries.Add(new TimelineEntry(
                await db.Conversations.SingleAsync(), TimelineItemType.Referral, "Came by a link", "{}", "1", Clock.Now));
            db.Notes.Add(new Note(Some.OrganizationId, conversation.Id, Some.AgentId, "a note", [Some.AdminId], Clock.Now));
        });
        var foreign = await Given(Some.Inbound(Some.Conversation(organizationId: Some.OtherOrganizationId)));
        var waiting = await Given(Some.Queued(Some.Conversation()));
        await Send(new ChangeRetention(30, null, null, null));

        Clock.Advance(TimeSpan.FromDays(29));
        await Send(new DeleteExpiredData());
        Assert.Equal(3, await Count(db => db.Messages));
        Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        await Send(new DeleteExpiredData());

        Assert.Equal([foreign.Id, waiting.Id], (await Rows(db => db.Messages.OrderBy(m => m.Id))).Select(m => m.Id));
        Assert.Empty(await Rows(db => db.MessageAttachments));
        Assert.Empty(await Rows(db => db.MessageReactions));
        Assert.Empty(await Rows(db => db.TimelineEntries));
        Assert.Empty(await Rows(db => db.Notes));
        Assert.Empty(await Rows(db => db.Mentions));
        Assert.Empty(Media.Files);
        var empty = await Row(db => db.Conversations.Where(c => c.Id == conversation.Id));
        Assert.Equal((null, 0), (empty.LastMessagePreview, empty.UnreadCount));
        Assert.Null((await Send(new GetConversation(conversation.Id))).LastMessage);
        Assert.Empty(Jobs.Scheduled);
    }

    [Fact]
    public async Task The_last_message_and_the_unread_ones_that_are_kept_stay_so()
    {
        await Given(Some.SampleConnection());
        foreach (var (day, mid) in new[] { (1, "m_0"), (2, "m_1"), (20, "m_2"), (21, "m_3"), (22, "m_4") })
            await ReceiveAsync(day, $$"""{"mid":"{{mid}}","text":"day {{day}}"}""");
        await ReceiveAsync(23, """{"mid":"m_3","is_deleted":true}""");
        await ReceiveAsync(24, """{"mid":"m_5","text":"an answer","reply_to":{"mid":"m_0"}}""");
        await Send(new ChangeRetention(10, null, null, null));

        await Send(new DeleteExpiredData());

        var conversation = await Row(db => db.Conversations);
        Assert.Equal(("an answer", 3), (conversation.LastMessagePreview, conversation.UnreadCount));
        var answer = (await Send(new ListMessages(conversation.Id))).Items[0];
        Assert.Equal((null, "m_0"), (answer.ReplyTo!.MessageId, answer.ReplyTo.ExternalId));

        Task<WebhookDelivery> ReceiveAsync(int day, string json)
        {
            Clock.Advance(Some.Now.AddDays(day) - Clock.Now);
            return Receive(Payload.Event(Some.PageId, 1, Payload.Item("message", json, at: Clock.Now.ToUnixTimeMilliseconds())));
        }
    }

    [Fact]
    public async Task Old_files_go_and_their_messages_say_so()
    {
        var conversation = await Given(Some.Conversation());
        Media.OnDownload = address => new StoredMedia($"2025/10{address.AbsolutePath}", null, "image/jpeg", 3, "p.jpg");
        var old = await GivenPictureAsync(conversation, "old", Clock.Now);
        Clock.Advance(TimeSpan.FromDays(20));
        var recent = await GivenPictureAsync(conversation, "recent", Clock.Now);
        await Send(new ChangeRetention(null, 7, null, null));

        await Send(new DeleteExpiredData());

        Assert.Equal(["2025/10/recent"], Media.Files.Keys);
        var attachment = (await Send(new GetMessage(old.Id))).Attachments[0];
        Assert.Equal(
            (AttachmentState.Deleted, null, null, "p.jpg"), (attachment.State, attachment.Url, attachment.SourceUrl, attachment.FileName));
        Assert.Equal(AttachmentState.Available, (await Send(new GetMessage(recent.Id))).Attachments[0].State);
        Assert.Contains(Live.Pushed, pushed => pushed.Contains($"{old.Id}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(5, null)]
    [InlineData(null, 5)]
    [InlineData(20, 5)]
    public async Task Deliveries_are_kept_no_longer_than_the_messages_in_them(int? deliveryDays, int? messageDays)
    {
        await Given(Finished(Some.OrganizationId));
        var foreign = await Given(Finished(Some.OtherOrganizationId));
        Clock.Advance(TimeSpan.FromDays(6));
        var recent = await Given(Finished(Some.OrganizationId));
        await Send(new ChangeRetention(messageDays, null, deliveryDays, null));

        await Send(new DeleteExpiredData());

        Assert.Equal([foreign.Id, recent.Id], (await Rows(db => db.WebhookDeliveries.OrderBy(d => d.Id))).Select(d => d.Id));
    }

    [Fact]
    public async Task The_preview_counts_what_the_night_deletes()
    {
        var conversation = await Given(Some.Conversation());
        await GivenPictureAsync(conversation, "p", Clock.Now);
        await Given(Finished(Some.OrganizationId));
        await Change(async db =>
        {
            var tracked = await db.Conversations.Include(c => c.Connection).SingleAsync();
            for (var i = 0; i < 120; i++) db.Messages.Add(Some.Inbound(tracked, $"{i}", Clock.Now.AddSeconds(i)));
        });
        Clock.Advance(TimeSpan.FromDays(3));

        var preview = await Send(new PreviewRetention(2, 1, 2, 1));
        Assert.Equal(
            (121, 1, 1, 0, 0), (preview.Messages.Count, preview.Files.Count, preview.Deliveries.Count, preview.Notes.Count,
                preview.AuditEntries.Count));
        Assert.Equal(0, (await Send(new PreviewRetention(4, 4, 4, 4))).Messages.Count);
        Assert.Equal(0, (await Send(new PreviewRetention(null, null, null, null))).Messages.Count);
        Assert.Equal(0, (await SendAs(Some.OtherOrganizationId, new PreviewRetention(2, 1, 2, 1))).Messages.Count);
        await Send(new ChangeRetention(2, 1, 2, 1));
        await Send(new DeleteExpiredData());

        Assert.Equal(0, await Count(db => db.Messages));
        Assert.Empty(Media.Files);
        Assert.Empty(await Rows(db => db.WebhookDeliveries));
        Assert.Empty(Jobs.Scheduled);
    }

    [Fact]
    public async Task A_change_is_in_the_audit_log_and_one_that_the_installation_does_not_allow_is_refused()
    {
        await Send(new ChangeRetention(90, null, 30, null));

        Assert.Equal(new RetentionModel(90, null, 30, null), await Send(new GetRetention()));
        Assert.Equal(new RetentionModel(null, null, null, null), await SendAs(Some.OtherOrganizationId, new GetRetention()));
        var entry = await Row(db => db.AuditEntries.Where(e => e.Action == "retention.changed"));
        Assert.Equal("""{"messageDays":[null,90],"deliveryDays":[null,30]}""", entry.Changes);
        foreach (var wrong in new[]
        {
            new ChangeRetention(0, null, null, null), new(null, -1, null, null), new(null, null, 31, null), new(null, null, null, 3651),
        })
        {
            await Assert.ThrowsAsync<ValidationException>(() => Send(wrong));
        }
    }

    private async Task<Message> GivenPictureAsync(Conversation conversation, string name, DateTimeOffset at)
    {
        var message = await Given(Some.Inbound(
            conversation, null, at, null, new AttachmentContent("image", $"https://scontent.xx.fbcdn.net/{name}")));
        await Send(new DownloadAttachment(message.Attachments[0].Id));
        return message;
    }

    private WebhookDelivery Finished(long organizationId)
    {
        var delivery = new WebhookDelivery("{}"u8.ToArray(), Clock.Now);
        delivery.Finish("page", [EventOutcome.Processed with { OrganizationId = organizationId }], Clock.Now);
        return delivery;
    }
}

public sealed partial class RetentionPlanTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Whatever_retention_looks_for_is_found_by_an_index_in_its_order()
    {
        var before = Clock.Now;
        var plans = new Dictionary<string, IReadOnlyList<string>>();
        await Change(async db =>
        {
            plans["messages"] = await PlanAsync(db.Messages.Expired(1, before).Take(200).Select(m => m.Id));
            plans["entries"] = await PlanAsync(db.TimelineEntries.Expired(1, before).Take(500).Select(e => e.Id));
            plans["notes"] = await PlanAsync(db.Notes.Expired(1, before).Take(500).Select(n => n.Id));
            plans["files"] = await PlanAsync(db.MessageAttachments.Include(a => a.Message).OldestFiles(1).Take(100));
            plans["deliveries"] = await PlanAsync(db.WebhookDeliveries.Oldest(1).Take(500).Select(d => new { d.Id, d.ReceivedAt }));
        });

        Assert.All(plans, plan =>
        {
            Assert.Contains(plan.Value, step => step.Contains("USING INDEX", StringComparison.Ordinal)
                || step.Contains("USING COVERING INDEX", StringComparison.Ordinal));
            Assert.DoesNotContain(plan.Value, step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));
            Assert.DoesNotContain(plan.Value, step => TableScan().IsMatch(step));
        });
    }

    private static async Task<IReadOnlyList<string>> PlanAsync<T>(IQueryable<T> query)
    {
        await using var command = query.CreateDbCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {command.CommandText}";
        if (command.Connection!.State is not System.Data.ConnectionState.Open) await command.Connection.OpenAsync();
        await using var reader = await command.ExecuteReaderAsync();
        List<string> steps = [];
        while (await reader.ReadAsync()) steps.Add(reader.GetString(3));
        return steps;
    }

    [GeneratedRegex("^SCAN (messages|message_attachments|timeline_entries|notes|webhook_deliveries|[a-z])$")]
    private static partial Regex TableScan();
}
