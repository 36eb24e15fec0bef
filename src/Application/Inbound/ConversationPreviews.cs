namespace MetaMessaging.Application.Inbound;

/// <summary>Corrects previews where the last message was edited or unsent, or several share its time: the greater mid is last.</summary>
public sealed class ConversationPreviews(IAppDbContext db) : IScopedService
{
    private readonly HashSet<Conversation> outdatedConversations = [];

    public void RefreshAfterSave(Conversation conversation) => outdatedConversations.Add(conversation);

    public async Task UpdateConversationsAsync(CancellationToken cancellationToken)
    {
        foreach (var conversation in outdatedConversations) await UpdateAsync(conversation, cancellationToken);
    }

    private async Task UpdateAsync(Conversation conversation, CancellationToken cancellationToken)
    {
        var at = conversation.LastMessageAt;
        var candidates = await db.Messages.AsNoTracking().Include(m => m.Attachments)
            .Where(m => m.ConversationId == conversation.Id && m.OccurredAt == at)
            .ToListAsync(cancellationToken);
        if (candidates.Count == 0) return;

        candidates.Sort((a, b) => string.CompareOrdinal(a.ExternalId, b.ExternalId));
        var (preview, direction) = (MessagePreview.Of(candidates[^1]), candidates[^1].Direction);
        await db.Conversations.Where(c => c.Id == conversation.Id && c.LastMessageAt == at)
            .ExecuteUpdateAsync(
                set => set.SetProperty(c => c.LastMessagePreview, preview).SetProperty(c => c.LastMessageDirection, direction),
                cancellationToken);
    }
}
