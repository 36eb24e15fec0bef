namespace MetaMessaging.Application.Common;

/// <summary>Compares the rows that the index finds with the words themselves.</summary>
internal sealed class SearchReader(IAppDbContext db, ISearchIndex index) : IScopedService
{
    /// <summary>How many people, messages and notes restrict a list: the newest ones that match.</summary>
    public const int MaxFound = 500;

    /// <summary>Of the rows that the index names, those that do not match: a page ends early rather than read on and on.</summary>
    private const int MaxCandidates = 1000;

    private const int ChunkSize = 200;

    /// <param name="texts">The rows with the given ids, each with the texts that the index has of it.</param>
    public async Task<SearchHits> FindAsync(
        SearchStep step, long before, int count,
        Func<IReadOnlyList<long>, IQueryable<SearchedRow>> texts, CancellationToken cancellationToken)
    {
        var wanted = step.IsWholeWords ? SearchMatch.Whole : SearchMatch.Part;
        var hits = new List<SearchedRow>();
        if (step.Query.IsEmpty || (!step.IsWholeWords && !step.Query.HasParts)) return new SearchHits(hits, null);

        for (var candidates = 0; candidates < MaxCandidates;)
        {
            var size = Math.Min(ChunkSize, Math.Max(count - hits.Count, 20));
            var ids = await index.FindAsync(step, before, size, cancellationToken);
            var rows = ids.Count == 0 ? [] : await texts(ids).ToListAsync(cancellationToken);
            var found = rows.Where(r => IsIn(step, r) && step.Query.Match(r.Text, r.MoreText) == wanted);
            foreach (var row in found.OrderByDescending(r => r.Id))
            {
                if (hits.Count == count) return new SearchHits(hits, hits[^1].Id);
                hits.Add(row);
            }

            if (ids.Count < size) return new SearchHits(hits, null);
            before = ids[^1];
            candidates += ids.Count;
            if (hits.Count == count) break;
        }

        return new SearchHits(hits, before);
    }

    public Task<SearchHits> FindMessagesAsync(SearchStep step, long before, int count, CancellationToken cancellationToken) =>
        FindAsync(
            step, before, count,
            ids => db.Messages.Where(m => ids.Contains(m.Id)).Select(m => new SearchedRow(
                m.Id, m.Id, m.Text, m.PostbackTitle, m.Channel, m.OccurredAt)),
            cancellationToken);

    /// <summary>By names of files, and titles of templates and links.</summary>
    public Task<SearchHits> FindAttachmentsAsync(SearchStep step, long before, int count, CancellationToken cancellationToken) =>
        FindAsync(
            step, before, count,
            ids => db.MessageAttachments.Where(a => ids.Contains(a.Id) && a.MessageId != null).Select(a => new SearchedRow(
                a.Id, a.MessageId!.Value, a.Title, a.FileName, a.Message.Channel, a.Message.OccurredAt)),
            cancellationToken);

    public Task<SearchHits> FindNotesAsync(SearchStep step, long before, int count, CancellationToken cancellationToken) =>
        FindAsync(
            step, before, count,
            ids => db.Notes.Where(n => ids.Contains(n.Id)).Select(n => new SearchedRow(
                n.Id, n.ConversationId, n.Text, null, null, n.CreatedAt)),
            cancellationToken);

    /// <summary>Those whose name, user name or id matches, each with its best match: the <see cref="MaxFound"/> newest ones.</summary>
    public async Task<Dictionary<long, FoundContact>> FindContactsAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        var found = new Dictionary<long, FoundContact>();
        query = query.OfNames();
        foreach (var isWhole in new[] { true, false })
        {
            await AddAsync(SearchSource.ContactName, ids => db.Contacts.Where(c => ids.Contains(c.Id))
                .Select(c => new SearchedRow(c.Id, c.Id, c.Name, null, null, c.CreatedAt)));
            await AddAsync(SearchSource.InstagramIdentity, ids => db.InstagramIdentities.Where(i => ids.Contains(i.Id))
                .Select(i => new SearchedRow(i.Id, i.ContactId, i.Username, i.Igsid, null, default)));
            await AddAsync(SearchSource.FacebookIdentity, ids => db.FacebookIdentities.Where(i => ids.Contains(i.Id))
                .Select(i => new SearchedRow(i.Id, i.ContactId, i.Psid, null, null, default)));

            async Task AddAsync(SearchSource source, Func<IReadOnlyList<long>, IQueryable<SearchedRow>> texts)
            {
                var step = new SearchStep(source, query, isWhole);
                foreach (var row in (await FindAsync(step, long.MaxValue, MaxFound, texts, cancellationToken)).Rows)
                    found.TryAdd(row.ParentId, new FoundContact(isWhole ? SearchMatch.Whole : SearchMatch.Part, row));
            }
        }

        return found;
    }

    /// <summary>
    /// The conversations with a matching contact or note, and with <paramref name="andMessages"/> those in which a message matches: of each
    /// kind the <see cref="MaxFound"/> newest ones.
    /// </summary>
    public async Task<IReadOnlyList<long>> FindConversationsAsync(string text, bool andMessages, CancellationToken cancellationToken)
    {
        var query = SearchQuery.Parse(text);
        var contactIds = (await FindContactsAsync(query, cancellationToken)).Keys.ToList();
        var found = await db.Conversations.Where(c => contactIds.Contains(c.ContactId)).Select(c => c.Id).ToHashSetAsync(cancellationToken);
        foreach (var isWhole in new[] { true, false })
        {
            var notes = await FindNotesAsync(new(SearchSource.Note, query, isWhole), long.MaxValue, MaxFound, cancellationToken);
            found.UnionWith(notes.Rows.Select(n => n.ParentId));
            if (!andMessages) continue;

            var step = new SearchStep(SearchSource.Message, query, isWhole);
            var ofFiles = step with { Source = SearchSource.Attachment };
            var messages = await FindMessagesAsync(step, long.MaxValue, MaxFound, cancellationToken);
            var files = await FindAttachmentsAsync(ofFiles, long.MaxValue, MaxFound, cancellationToken);
            var ids = messages.Rows.Concat(files.Rows).Select(m => m.ParentId).ToList();
            found.UnionWith(await db.Messages.Where(m => ids.Contains(m.Id)).Select(m => m.ConversationId).Distinct()
                .ToListAsync(cancellationToken));
        }

        return [.. found];
    }

    private static bool IsIn(SearchStep step, SearchedRow row) =>
        (step.Channel is null || step.Channel == row.Channel) && !(row.At < step.From) && !(row.At >= step.To);
}

/// <param name="ParentId">Of the message, contact or conversation that the row belongs to.</param>
internal sealed record SearchedRow(long Id, long ParentId, string? Text, string? MoreText, Channel? Channel, DateTimeOffset At);

/// <param name="Next">Rows with lower ids come next; null when there are none.</param>
internal sealed record SearchHits(IReadOnlyList<SearchedRow> Rows, long? Next);

internal sealed record FoundContact(SearchMatch Match, SearchedRow Row);
