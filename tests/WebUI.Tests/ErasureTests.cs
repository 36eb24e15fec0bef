using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Serilog.Core;
using Serilog.Events;

namespace MetaMessaging.WebUI.Tests;

/// <summary>A person whom the product knows in every way it can know one is erased, and then searched for byte by byte.</summary>
public sealed class ErasureTests : IAsyncLifetime
{
    private readonly Log log = new();
    /// <summary>Of the contact before it was renamed: the write-ahead log, which begins anew every few seconds, may have held them only.
    /// </summary>
    private readonly string[] formerNames = ["Wilhelmina", "Quastenfl"];
    private readonly List<string> marks = ["Wilhelmina", "Quastenfl", "quaste.flosse", "Tante Quaste", "zyx"];

    private Simulator meta = null!;
    private App app = null!;
    private ApiClient agent = null!;

    public async ValueTask InitializeAsync()
    {
        meta = await Simulator.StartAsync();
        app = await App.StartAsync(meta, services: registered => registered.AddSingleton<ILogEventSink>(log));
        agent = await app.SignInAsync();
        await AppFixture.ConfigureAsync(app, agent, meta);
        await agent.RunDialogAsync([Some.PageId]);
    }

    public async ValueTask DisposeAsync()
    {
        agent.Dispose();
        await app.DisposeAsync();
        await meta.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_of_an_erased_person_is_left_in_any_table_index_file_or_log_and_a_replay_brings_nothing_back()
    {
        var contactId = await GivenPersonKnownInEveryWayAsync();
        Assert.Empty(marks.Except(formerNames).Except(FoundInDatabase()));   // the search finds what there is
        Assert.NotEmpty(MediaFiles());

        Assert.Equal(204, (await agent.DeleteAsync($"api/contacts/{contactId}")).Status);

        Assert.Empty(FoundInDatabase());
        Assert.Empty(MediaFiles());
        await Until.True(() => !Directory.EnumerateFiles(Drafts).Any(), "downloads that still ran have deleted what they had");
        Assert.Empty(MediaFiles());
        var replay = await agent.PostAsync("api/ops/webhook-deliveries/replay", new { state = "processed" });
        Assert.Equal(202, replay.Status);
        await Until.True(
            async () => (await agent.GetAsync("api/ops/webhook-deliveries?state=pending")).Json["items"]!.AsArray().Count == 0,
            "the replayed deliveries are processed");
        Assert.Empty((await agent.GetAsync("api/contacts")).Json["items"]!.AsArray());
        Assert.Equal(0, await app.InDatabaseAsync(db => db.Messages.CountAsync()));
        Assert.Equal(0, await app.InDatabaseAsync(db => db.Notes.CountAsync()));
        Assert.Equal(0, await app.InDatabaseAsync(db => db.IdempotencyKeys.CountAsync()));
        Assert.Empty(FoundInDatabase());
        Assert.DoesNotContain(log.Lines, line => marks.Exists(mark => line.Contains(mark, StringComparison.Ordinal)));
        // What was done about the person stays known, by number.
        var actions = await app.InDatabaseAsync(db => db.AuditEntries
            .Where(e => e.TargetType == "contact" && e.TargetId == $"{contactId}").Select(e => e.Action).Distinct().ToListAsync());
        string[] expected =
            ["contact.erased", "contact.exported", "contact.merged", "contact.renamed", "contact.unmerged"];
        Assert.Equal(expected, actions.Order());
    }

    /// <returns>The contact.</returns>
    private async Task<long> GivenPersonKnownInEveryWayAsync()
    {
        var sim = meta.Control;
        var person = new { pageId = Some.PageId, name = "Wilhelmina Quastenflosse", username = "quaste.flosse" };
        var psid = await sim.CreateCustomerAsync(new { person.pageId, person.name, channel = "messenger" });
        var igsid = await sim.CreateCustomerAsync(new { person.pageId, person.name, person.username, channel = "instagram" });
        var first = await sim.WriteAsync(psid, "zyx first");
        var unsent = await sim.WriteAsync(psid, "zyx unsent");
        var instagram = await sim.WriteAsync(igsid, "zyx on instagram");
        await sim.WriteAsync(psid, new { attachments = new[] { new { type = "image" } } });
        await sim.EditAsync(igsid, instagram.Mid, "zyx edited");
        await sim.UnsendAsync(igsid, (await sim.WriteAsync(igsid, "zyx unsent there")).Mid);
        await sim.ReactAsync(psid, "❤️", first.Mid);
        await sim.TriggerEventAsync(psid, "linkReferral");
        await sim.TriggerEventAsync(psid, "optin");
        await sim.AnswerElsewhereAsync(psid, "zyx answered elsewhere");
        await sim.PostRawAsync(Encoding.UTF8.GetString(Payload.Event(
            Some.PageId, 1, Payload.Item("reaction", """{"mid":"m_zyx_unknown","emoji":"❤","action":"react"}""", sender: psid))));
        await sim.PostRawAsync($"zyx no JSON, of {psid}");
        marks.AddRange([psid, igsid, first.Mid, unsent.Mid, instagram.Mid]);
        await sim.WaitUntilIdleAsync();

        var contactId = await ContactAsync(psid);
        var otherId = await ContactAsync(igsid);
        var conversationId = (long)(await agent.GetAsync($"api/contacts/{contactId}")).Json["conversations"]![0]!["id"]!;
        await AnswerAsync(conversationId, psid, first.Mid);
        await app.InDatabaseAsync(db =>
        {
            db.Notes.Add(new Note(1, conversationId, 1, "zyx note", [2], app.Clock.Now));
            return db.SaveChangesAsync();
        });
        await EnsureAsync(agent.PatchAsync($"api/contacts/{contactId}", new { name = "Tante Quaste" }));
        await EnsureAsync(agent.PostAsync($"api/contacts/{contactId}/merge", new { otherContactId = otherId }));
        var identityId = long.Parse(igsid, Invariant);
        var split = await EnsureAsync(agent.PostAsync($"api/contacts/{contactId}/unmerge", new { identityId }));
        await EnsureAsync(agent.PostAsync($"api/contacts/{contactId}/merge", new { otherContactId = (long)split.Json["id"]! }));
        await EnsureAsync(agent.GetAsync($"api/contacts/{contactId}/export"));
        await EnsureAsync(agent.GetAsync($"api/conversations?q={psid}"));
        return contactId;
    }

    /// <summary>A reply under a key with a file, one that Meta refuses, and a reaction.</summary>
    private async Task AnswerAsync(long conversationId, string psid, string mid)
    {
        using var file = new ByteArrayContent(Encoding.UTF8.GetBytes("%PDF-1.4 zyx"));
        using var form = new MultipartFormDataContent { { file, "file", "zyx-offer.pdf" } };
        var upload = await EnsureAsync(agent.SendAsync(HttpMethod.Post, "api/attachments", form));
        var send = new { conversationId, text = "zyx answer", attachmentIds = new[] { (long)upload.Json["id"]! } };
        await EnsureAsync(agent.PostAsync("api/messaging/send", send, ("Idempotency-Key", "zyx-order"), ("Prefer", "wait=10")));
        await meta.Control.PlanFaultAsync(new { operation = "send", code = 100, times = 1 });
        await EnsureAsync(agent.PostAsync("api/messaging/send", new { conversationId, text = "zyx refused" }, ("Prefer", "wait=10")));
        var messages = (await agent.GetAsync($"api/conversations/{conversationId}/messages")).Json["items"]!.AsArray();
        var id = (long)messages.Single(m => (string?)m!["externalId"] == mid)!["id"]!;
        await EnsureAsync(agent.PostAsync($"api/messages/{id}/reaction", new { emoji = "👍" }));
        await meta.Control.ReadAsync(psid);
        await meta.Control.WaitUntilIdleAsync();
    }

    private static async Task<Answer> EnsureAsync(Task<Answer> call)
    {
        var answer = await call;
        Assert.True(answer.Status is >= 200 and < 300, answer.ToString());
        return answer;
    }

    /// <summary>Waits until the profile with its picture is there, and all files are stored.</summary>
    private async Task<long> ContactAsync(string scopedId)
    {
        var contact = await Until.Found(
            async () => (await agent.GetAsync($"api/contacts?q={scopedId}")).Json["items"]!.AsArray().SingleOrDefault(),
            found => found is not null && (string)found["profileState"]! is "complete", "the profile is there");
        await Until.True(
            () => app.InDatabaseAsync(async db => !await db.MessageAttachments.AnyAsync(a => a.State == AttachmentState.Pending)),
            "the files are stored");
        return (long)contact!["id"]!;
    }

    private List<string> FoundInDatabase()
    {
        var folder = Path.GetDirectoryName(app.DatabaseFile)!;
        var files = Directory.GetFiles(folder, "app.db*").Select(Latin1).ToList();
        return [.. marks.Where(mark => files.Exists(content =>
            content.Contains(mark, StringComparison.Ordinal)
            || content.Contains(Encoding.Latin1.GetString(Encoding.Unicode.GetBytes(mark)), StringComparison.Ordinal)))];
    }

    private string Drafts => Path.Combine(app.Folder.File("media"), ".incoming");

    /// <summary>All but those that are just being downloaded, which have no key yet.</summary>
    private IEnumerable<string> MediaFiles() => Directory.EnumerateFiles(app.Folder.File("media"), "*", SearchOption.AllDirectories)
        .Where(file => Path.GetDirectoryName(file) != Drafts);

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;

    private static string Latin1(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return reader.ReadToEnd();
    }

    private sealed class Log : ILogEventSink
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public void Emit(LogEvent logEvent) => Lines.Enqueue($"{logEvent.RenderMessage(Invariant)} {logEvent.Exception}");
    }
}
