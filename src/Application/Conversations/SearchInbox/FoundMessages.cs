namespace MetaMessaging.Application.Conversations;

/// <summary>The messages of a search: by text first, then by names of files and titles of templates.</summary>
internal sealed class FoundMessages(IAppDbContext db, SearchReader reader) : IScopedService
{
    public async Task<SearchPart> FindAsync(
        SearchInbox request, SearchQuery query, SearchStage stage, long before, int count, CancellationToken cancellationToken)
    {
        var ofFiles = stage is SearchStage.Attachments or SearchStage.AttachmentsByPart;
        var source = ofFiles ? SearchSource.Attachment : SearchSource.Message;
        var step = new SearchStep(source, query, stage.IsWholeWords(), request.Channel, request.From, request.To);
        var hits = ofFiles
            ? await reader.FindAttachmentsAsync(step, before, count, cancellationToken)
            : await reader.FindMessagesAsync(step, before, count, cancellationToken);

        var ids = hits.Rows.Select(r => r.ParentId).ToList();
        var messages = await db.Messages.Where(m => ids.Contains(m.Id))
            .Select(m => new
            {
                m.Id, m.ConversationId, m.Channel, m.Direction, m.OccurredAt, m.Conversation.Contact.Name,
                m.Conversation.ContactId, m.Conversation.Contact.AvatarKey,
            })
            .ToDictionaryAsync(m => m.Id, cancellationToken);
        return new SearchPart(
            [
                .. from row in hits.Rows
                   where messages.ContainsKey(row.ParentId)
                   let m = messages[row.ParentId]
                   select (row.Id, new SearchItem(
                       SearchItemType.Message, query.Snippet(TextOf(query, row)), m.ConversationId, m.Id, null,
                       new ConversationContact(m.ContactId, m.Name, ConversationContact.AvatarAddress(m.ContactId, m.AvatarKey)),
                       m.Channel, m.Direction, m.OccurredAt)),
            ],
            hits.Next);
    }

    private static string TextOf(SearchQuery query, SearchedRow row) =>
        new[] { row.Text, row.MoreText }.OfType<string>().Where(t => t.Length > 0).MaxBy(t => query.Match(t)) ?? "";
}
