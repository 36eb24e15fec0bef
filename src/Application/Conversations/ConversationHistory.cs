using System.Runtime.CompilerServices;

namespace MetaMessaging.Application.Conversations;

/// <summary>A conversation from its beginning, read in chunks: however long it is, a chunk of it is in memory.</summary>
internal sealed class ConversationHistory(IAppDbContext db, IUserAccounts accounts) : IScopedService
{
    private const int ChunkSize = 200;

    public async IAsyncEnumerable<MessageModel> MessagesAsync(
        long conversationId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var chunks = ChunksAsync(
            (at, id) => db.Messages.AsNoTracking().Include(m => m.Attachments).Include(m => m.Reactions)
                .Where(m => m.ConversationId == conversationId && m.OccurredAt >= at && (m.OccurredAt > at || m.Id > id))
                .OrderBy(m => m.OccurredAt).ThenBy(m => m.Id),
            message => message.OccurredAt, cancellationToken);
        await foreach (var chunk in chunks)
            foreach (var message in await db.WithQuotesAsync(chunk.Adapt<List<MessageModel>>(), cancellationToken)) yield return message;
    }

    /// <summary>The entries between the messages.</summary>
    public async IAsyncEnumerable<TimelineItemModel> EntriesAsync(
        long conversationId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var chunks = ChunksAsync(
            (at, id) => db.TimelineEntries.AsNoTracking()
                .Where(e => e.ConversationId == conversationId && e.OccurredAt >= at && (e.OccurredAt > at || e.Id > id))
                .OrderBy(e => e.OccurredAt).ThenBy(e => e.Id),
            entry => entry.OccurredAt, cancellationToken);
        await foreach (var chunk in chunks)
            foreach (var entry in chunk) yield return TimelineItemModel.Of(entry);
    }

    public async IAsyncEnumerable<TranscriptNote> NotesAsync(
        long conversationId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var chunks = ChunksAsync(
            (at, id) => db.Notes.AsNoTracking()
                .Where(n => n.ConversationId == conversationId && n.CreatedAt >= at && (n.CreatedAt > at || n.Id > id))
                .OrderBy(n => n.CreatedAt).ThenBy(n => n.Id),
            note => note.CreatedAt, cancellationToken);
        await foreach (var chunk in chunks)
        {
            var names = await accounts.NamesAsync([.. chunk.Select(n => n.AuthorId).Distinct()], cancellationToken);
            foreach (var note in chunk)
            {
                var author = new SenderModel(note.AuthorId, names.GetValueOrDefault(note.AuthorId, "Somebody who left"));
                yield return new TranscriptNote(note.Id, note.ConversationId, author, note.Text, note.CreatedAt);
            }
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

    /// <param name="rowsAfter">The rows after a time and an id, in the order of both.</param>
    private static async IAsyncEnumerable<List<T>> ChunksAsync<T>(
        Func<DateTimeOffset, long, IQueryable<T>> rowsAfter, Func<T, DateTimeOffset> timeOf,
        [EnumeratorCancellation] CancellationToken cancellationToken) where T : Entity
    {
        var (at, id) = (DateTimeOffset.MinValue, 0L);
        List<T> chunk;
        do
        {
            chunk = await rowsAfter(at, id).Take(ChunkSize).ToListAsync(cancellationToken);
            if (chunk.Count == 0) yield break;
            yield return chunk;
            (at, id) = (timeOf(chunk[^1]), chunk[^1].Id);
        }
        while (chunk.Count == ChunkSize);
    }
}

/// <summary>One of the three.</summary>
public sealed record TranscriptItem(
    DateTimeOffset At, MessageModel? Message = null, TimelineItemModel? Entry = null, TranscriptNote? Note = null);

public sealed record TranscriptNote(long Id, long ConversationId, SenderModel Author, string Text, DateTimeOffset CreatedAt);
