using System.Runtime.CompilerServices;

namespace MetaMessaging.Application.Conversations;

/// <summary>A conversation from its beginning, read in chunks: however long it is, a chunk of it is in memory.</summary>
internal sealed class ConversationHistory(IAppDbContext db, IUserAccounts accounts) : IScopedService
{
    private const int ChunkSize = 200;

    public async IAsyncEnumerable<MessageModel> MessagesAsync(
        long conversationId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (at, id, count) = (DateTimeOffset.MinValue, 0L, ChunkSize);
        while (count == ChunkSize)
        {
            var chunk = await db.Messages.AsNoTracking().Include(m => m.Attachments).Include(m => m.Reactions)
                .Where(m => m.ConversationId == conversationId && m.OccurredAt >= at && (m.OccurredAt > at || m.Id > id))
                .OrderBy(m => m.OccurredAt).ThenBy(m => m.Id).Take(ChunkSize).ToListAsync(cancellationToken);
            foreach (var message in await db.WithQuotesAsync(chunk.Adapt<List<MessageModel>>(), cancellationToken)) yield return message;

            count = chunk.Count;
            if (count > 0) (at, id) = (chunk[^1].OccurredAt, chunk[^1].Id);
        }
    }

    /// <summary>The entries between the messages.</summary>
    public async IAsyncEnumerable<TimelineItemModel> EntriesAsync(
        long conversationId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (at, id, count) = (DateTimeOffset.MinValue, 0L, ChunkSize);
        while (count == ChunkSize)
        {
            var chunk = await db.TimelineEntries.AsNoTracking()
                .Where(e => e.ConversationId == conversationId && e.OccurredAt >= at && (e.OccurredAt > at || e.Id > id))
                .OrderBy(e => e.OccurredAt).ThenBy(e => e.Id).Take(ChunkSize).ToListAsync(cancellationToken);
            foreach (var entry in chunk) yield return TimelineItemModel.Of(entry);

            count = chunk.Count;
            if (count > 0) (at, id) = (chunk[^1].OccurredAt, chunk[^1].Id);
        }
    }

    public async IAsyncEnumerable<TranscriptNote> NotesAsync(
        long conversationId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (at, id, count) = (DateTimeOffset.MinValue, 0L, ChunkSize);
        while (count == ChunkSize)
        {
            var chunk = await db.Notes.AsNoTracking()
                .Where(n => n.ConversationId == conversationId && n.CreatedAt >= at && (n.CreatedAt > at || n.Id > id))
                .OrderBy(n => n.CreatedAt).ThenBy(n => n.Id).Take(ChunkSize).ToListAsync(cancellationToken);
            var names = await accounts.NamesAsync([.. chunk.Select(n => n.AuthorId).Distinct()], cancellationToken);
            foreach (var note in chunk)
            {
                var author = new SenderModel(note.AuthorId, names.GetValueOrDefault(note.AuthorId, "Somebody who left"));
                yield return new TranscriptNote(note.Id, note.ConversationId, author, note.Text, note.CreatedAt);
            }

            count = chunk.Count;
            if (count > 0) (at, id) = (chunk[^1].CreatedAt, chunk[^1].Id);
        }
    }

    /// <summary>Messages, entries and notes in the order of their time.</summary>
    public async IAsyncEnumerable<TranscriptItem> ItemsAsync(
        long conversationId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var entries = EntriesAsync(conversationId, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var notes = NotesAsync(conversationId, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var messages = MessagesAsync(conversationId, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var entry = await NextAsync(entries);
        var note = await NextAsync(notes);
        var message = await NextAsync(messages);
        while (entry is not null || note is not null || message is not null)
        {
            var (entryAt, noteAt, messageAt) = (TimeOf(entry?.OccurredAt), TimeOf(note?.CreatedAt), TimeOf(message?.OccurredAt));
            if (message is not null && messageAt <= entryAt && messageAt <= noteAt)
            {
                yield return new TranscriptItem(messageAt, Message: message);
                message = await NextAsync(messages);
            }
            else if (entry is not null && entryAt <= noteAt)
            {
                yield return new TranscriptItem(entryAt, Entry: entry);
                entry = await NextAsync(entries);
            }
            else
            {
                yield return new TranscriptItem(noteAt, Note: note);
                note = await NextAsync(notes);
            }
        }

        static DateTimeOffset TimeOf(DateTimeOffset? at) => at ?? DateTimeOffset.MaxValue;

        static async Task<T?> NextAsync<T>(IAsyncEnumerator<T> items) where T : class =>
            await items.MoveNextAsync() ? items.Current : null;
    }
}

/// <summary>One of the three.</summary>
public sealed record TranscriptItem(
    DateTimeOffset At, MessageModel? Message = null, TimelineItemModel? Entry = null, TranscriptNote? Note = null);

public sealed record TranscriptNote(long Id, long ConversationId, SenderModel Author, string Text, DateTimeOffset CreatedAt);
