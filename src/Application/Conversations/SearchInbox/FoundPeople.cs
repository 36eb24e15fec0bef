namespace MetaMessaging.Application.Conversations;

/// <summary>The contacts of a search, and their conversations with those in which a note matches.</summary>
internal sealed class FoundPeople(IAppDbContext db, SearchReader reader) : IScopedService
{
    private Dictionary<long, FoundContact>? found;

    public async Task<SearchPart> FindAsync(
        SearchInbox request, SearchQuery query, SearchStage stage, long before, int count, CancellationToken cancellationToken)
    {
        found ??= await reader.FindContactsAsync(query, cancellationToken);
        var match = stage.IsWholeWords() ? SearchMatch.Whole : SearchMatch.Part;
        var items = stage.In() is SearchIn.Contacts
            ? await ContactsAsync(request, query, match, cancellationToken)
            : await ConversationsAsync(request, query, match, cancellationToken);
        return new SearchPart([.. items.Where(i => i.Position < before).OrderByDescending(i => i.Position).Take(count)], null);
    }

    private async Task<IEnumerable<(long Position, SearchItem Item)>> ContactsAsync(
        SearchInbox request, SearchQuery query, SearchMatch match, CancellationToken cancellationToken)
    {
        var ids = found!.Where(f => f.Value.Match == match).Select(f => f.Key).ToList();
        var contacts = await db.Contacts.Where(c => ids.Contains(c.Id)).Select(c => new { c.Id, c.Name, c.AvatarKey, c.CreatedAt })
            .ToListAsync(cancellationToken);
        var conversations = (await InPeriod(request).Where(c => ids.Contains(c.ContactId))
            .Select(c => new { c.Id, c.ContactId, c.Channel, c.LastMessageAt }).ToListAsync(cancellationToken)).ToLookup(c => c.ContactId);
        var isFiltered = request.Channel is not null || request.From is not null || request.To is not null;
        return from contact in contacts
               let last = conversations[contact.Id].MaxBy(c => c.LastMessageAt)
               where last is not null || !isFiltered
               select (contact.Id, new SearchItem(
                   SearchItemType.Contact, SnippetOf(query, found![contact.Id].Row), last?.Id, null, null,
                   new ConversationContact(contact.Id, contact.Name, ConversationContact.AvatarAddress(contact.Id, contact.AvatarKey)),
                   last?.Channel, null, last?.LastMessageAt ?? contact.CreatedAt));
    }

    private async Task<IEnumerable<(long Position, SearchItem Item)>> ConversationsAsync(
        SearchInbox request, SearchQuery query, SearchMatch match, CancellationToken cancellationToken)
    {
        var whole = await NotesAsync(query, isWhole: true, cancellationToken);
        var notes = match is SearchMatch.Whole ? whole : await NotesAsync(query, isWhole: false, cancellationToken);
        var contactIds = found!.Where(f => f.Value.Match == match).Select(f => f.Key).ToList();
        var others = found!.Where(f => f.Value.Match > match).Select(f => f.Key).ToHashSet();
        var ids = await db.Conversations.Where(c => contactIds.Contains(c.ContactId)).Select(c => c.Id).ToListAsync(cancellationToken);
        ids.AddRange(notes.Keys);
        var rows = await InPeriod(request).Where(c => ids.Contains(c.Id))
            .Select(c => new { c.Id, c.ContactId, c.Channel, c.LastMessageAt, c.Contact.Name, c.Contact.AvatarKey })
            .ToListAsync(cancellationToken);
        return from row in rows
               where match is SearchMatch.Whole || !(others.Contains(row.ContactId) || whole.ContainsKey(row.Id))   // found before
               let contact = found!.GetValueOrDefault(row.ContactId) is { } c && c.Match == match ? c : null
               let note = contact is null ? notes.GetValueOrDefault(row.Id) : null
               where contact is not null || note is not null
               select (row.Id, new SearchItem(
                   SearchItemType.Conversation, contact is null ? query.Snippet(note!.Text!) : SnippetOf(query, contact.Row), row.Id, null,
                   note?.Id,
                   new ConversationContact(
                       row.ContactId, row.Name, ConversationContact.AvatarAddress(row.ContactId, row.AvatarKey)),
                   row.Channel, null, row.LastMessageAt));
    }

    /// <summary>The newest note of each conversation.</summary>
    private async Task<Dictionary<long, SearchedRow>> NotesAsync(SearchQuery query, bool isWhole, CancellationToken cancellationToken)
    {
        var step = new SearchStep(SearchSource.Note, query, isWhole);
        var hits = await reader.FindNotesAsync(step, long.MaxValue, SearchReader.MaxFound, cancellationToken);
        return hits.Rows.GroupBy(n => n.ParentId).ToDictionary(g => g.Key, g => g.First());
    }

    private IQueryable<Conversation> InPeriod(SearchInbox request)
    {
        var conversations = db.Conversations.AsQueryable();
        if (request.Channel is { } channel) conversations = conversations.Where(c => c.Channel == channel);
        if (request.From is { } from) conversations = conversations.Where(c => c.LastMessageAt >= from);
        if (request.To is { } to) conversations = conversations.Where(c => c.LastMessageAt < to);
        return conversations;
    }

    private static string SnippetOf(SearchQuery query, SearchedRow row)
    {
        var ofNames = query.OfNames();
        var text = new[] { row.Text, row.MoreText }.OfType<string>().Where(t => t.Length > 0).MaxBy(t => ofNames.Match(t)) ?? "";
        return ofNames.Snippet(text);
    }
}
