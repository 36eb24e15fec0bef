namespace MetaMessaging.Application.Conversations;

/// <summary>
/// Sets the unread count to 0 and schedules Meta's mark_seen for the customer. Notes that mention the caller are read, too.
/// </summary>
[NotAudited("Agents do it with every message they look at.")]
public sealed record MarkConversationRead(long ConversationId) : IRequest;

internal sealed class MarkConversationReadHandler(IAppDbContext db, IJobs jobs, ICaller caller, TimeProvider clock)
    : AsyncRequestHandler<MarkConversationRead>
{
    protected override async Task Handle(MarkConversationRead request, CancellationToken cancellationToken)
    {
        var conversation = await db.Conversations.SingleOrDefaultAsync(c => c.Id == request.ConversationId, cancellationToken)
            ?? throw new NotFoundException("conversation_not_found");
        var mentions = await db.Mentions.UnreadOf(caller.UserId).Where(m => m.ConversationId == conversation.Id)
            .ToListAsync(cancellationToken);
        var isUnread = conversation.UnreadCount > 0;
        if (!isUnread && mentions.Count == 0) return;

        mentions.ForEach(m => m.MarkRead(clock.GetUtcNow()));
        if (isUnread) conversation.MarkSeen();
        else conversation.RaiseUpdated();   // the caller's other pages count mentions, too
        await db.SaveChangesAsync(cancellationToken);
        if (isUnread) jobs.Enqueue(new SendMarkSeen(conversation.Id));
    }
}
