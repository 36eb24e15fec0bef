using System.Linq.Expressions;

namespace MetaMessaging.Application.Conversations;

/// <summary>Reads messages, notes and the entries between them from a position on, in either direction.</summary>
internal sealed class TimelineReader(IAppDbContext db, IUserAccounts accounts) : IScopedService
{
    /// <param name="position">Null for the end of the conversation.</param>
    public async Task<Page<TimelineItemModel>> OlderAsync(
        ListTimeline request, TimelinePosition? position, CancellationToken cancellationToken)
    {
        var page = await PolicyAsync(request.ConversationId, cancellationToken);
        var messages = await MessagesOf(request).ToPageAsync(
            request with { Cursor = position?.OfMessages(request.List).ToString() }, m => m.OccurredAt, cancellationToken);
        var entries = await EntriesOf(request).ToPageAsync(
            request with { Cursor = position?.OfEntries(request.List).ToString() }, e => e.OccurredAt, cancellationToken);
        var notes = await NotesOf(request).ToPageAsync(
            request with { Cursor = position?.OfNotes(request.List).ToString() }, n => n.CreatedAt, cancellationToken);

        var items = await ToItemsAsync(messages.Items, entries.Items, notes.Items, cancellationToken);
        var isEnd = messages.NextCursor is null && entries.NextCursor is null && notes.NextCursor is null;
        if (TimelineItemModel.Of(page) is { } policy
            && !(policy.OccurredAt >= position?.At)
            && (!isEnd || items.Exists(i => i.OccurredAt < policy.OccurredAt)))
        {
            items.Add(policy);
        }

        items.Sort((a, b) => TimelinePosition.Of(a).CompareTo(TimelinePosition.Of(b)));
        var limit = request.Limit ?? Paging.DefaultLimit;
        return new Page<TimelineItemModel>(
            [.. items.Take(limit)], isEnd && items.Count <= limit ? null : TimelinePosition.Of(items[limit - 1]).ToCursor(request.List));
    }

    /// <returns>The items that follow the position, the newest first as in every page; the cursor goes on towards the end.</returns>
    public async Task<Page<TimelineItemModel>> NewerAsync(
        ListTimeline request, TimelinePosition position, CancellationToken cancellationToken)
    {
        var page = await PolicyAsync(request.ConversationId, cancellationToken);
        var limit = request.Limit ?? Paging.DefaultLimit;
        var (afterMessage, afterEntry, afterNote) =
            (position.OfMessages(request.List), position.OfEntries(request.List), position.OfNotes(request.List));
        var messages = await AfterAsync(MessagesOf(request), m => m.OccurredAt, afterMessage, limit, cancellationToken);
        var entries = await AfterAsync(EntriesOf(request), e => e.OccurredAt, afterEntry, limit, cancellationToken);
        var notes = await AfterAsync(NotesOf(request), n => n.CreatedAt, afterNote, limit, cancellationToken);

        var items = await ToItemsAsync(messages, entries, notes, cancellationToken);
        if (TimelineItemModel.Of(page) is { } policy && policy.OccurredAt > position.At) items.Add(policy);
        items.Sort((a, b) => TimelinePosition.Of(b).CompareTo(TimelinePosition.Of(a)));
        var shown = items.Take(limit).Reverse().ToList();
        return new Page<TimelineItemModel>(shown, items.Count > limit ? TimelinePosition.Of(shown[0]).ToCursor(request.List) : null);
    }

    /// <summary>One row more than asked for tells whether there are others.</summary>
    private static Task<List<T>> AfterAsync<T>(
        IQueryable<T> rows, Expression<Func<T, DateTimeOffset>> time, Cursor position, int limit, CancellationToken cancellationToken)
        where T : Entity =>
        rows.OldestFirst(position, time).Take(limit + 1).ToListAsync(cancellationToken);

    private IQueryable<Message> MessagesOf(ListTimeline request) => db.Messages.AsNoTracking()
        .Include(m => m.Attachments).Include(m => m.Reactions).Where(m => m.ConversationId == request.ConversationId);

    private IQueryable<TimelineEntry> EntriesOf(ListTimeline request) =>
        db.TimelineEntries.AsNoTracking().Where(e => e.ConversationId == request.ConversationId);

    private IQueryable<Note> NotesOf(ListTimeline request) =>
        db.Notes.AsNoTracking().Include(n => n.Mentions).Where(n => n.ConversationId == request.ConversationId);

    private async Task<PagePolicy> PolicyAsync(long conversationId, CancellationToken cancellationToken) =>
        await db.Conversations.Where(c => c.Id == conversationId).Select(c => c.Connection)
            .Select(c => new PagePolicy(c.Id, c.PageName, c.PolicyAction, c.PolicyReason, c.PolicyAt))
            .SingleOrDefaultAsync(cancellationToken)
            ?? throw new NotFoundException("conversation_not_found");

    private async Task<List<TimelineItemModel>> ToItemsAsync(
        IReadOnlyList<Message> messages, IReadOnlyList<TimelineEntry> entries, IReadOnlyList<Note> notes,
        CancellationToken cancellationToken)
    {
        var models = await db.WithQuotesAsync(messages.Adapt<List<MessageModel>>(), cancellationToken);
        var noteModels = await notes.ToModelsAsync(accounts, cancellationToken);
        return
        [
            .. entries.Select(TimelineItemModel.Of), .. models.Select(TimelineItemModel.Of), .. noteModels.Select(TimelineItemModel.Of),
        ];
    }
}
