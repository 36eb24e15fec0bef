namespace MetaMessaging.Application.Conversations;

/// <summary>Sets the unread count to 0 and schedules Meta's mark_seen for the customer.</summary>
[NotAudited("Agents do it with every message they look at.")]
public sealed record MarkConversationRead(long ConversationId) : IRequest;

internal sealed class MarkConversationReadHandler(IAppDbContext db, IJobs jobs) : AsyncRequestHandler<MarkConversationRead>
{
    protected override async Task Handle(MarkConversationRead request, CancellationToken cancellationToken)
    {
        var conversation = await db.Conversations.SingleOrDefaultAsync(c => c.Id == request.ConversationId, cancellationToken)
            ?? throw new NotFoundException("conversation_not_found");
        if (conversation.UnreadCount == 0) return;

        conversation.MarkSeen();
        await db.SaveChangesAsync(cancellationToken);
        jobs.Enqueue(new SendMarkSeen(conversation.Id));
    }
}
