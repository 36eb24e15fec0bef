namespace MetaMessaging.Application.Conversations;

internal static class QuotedMessages
{
    /// <summary>Adds to each reply a preview of the message that it replies to, with one query for all of them.</summary>
    public static async Task<IReadOnlyList<MessageModel>> WithQuotesAsync(
        this IAppDbContext db, IReadOnlyList<MessageModel> messages, CancellationToken cancellationToken)
    {
        var ids = messages.Select(m => m.ReplyTo?.MessageId).OfType<long>().Distinct().ToList();
        if (ids.Count == 0) return messages;

        var quoted = await db.Messages.AsNoTracking().Include(m => m.Attachments)
            .Where(m => ids.Contains(m.Id))
            .ToDictionaryAsync(m => m.Id, MessagePreview.Of, cancellationToken);
        return
        [
            .. messages.Select(m => m.ReplyTo is { MessageId: { } id } target
                ? m with
                {
                    // A message that retention has deleted is not stored any more.
                    ReplyTo = quoted.TryGetValue(id, out var text) ? target with { Text = text } : target with { MessageId = null },
                }
                : m),
        ];
    }
}
