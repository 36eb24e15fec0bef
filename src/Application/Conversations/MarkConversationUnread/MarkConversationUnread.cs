namespace MetaMessaging.Application.Conversations;

/// <summary>Makes the conversation unread again from its last inbound message. Without such a message nothing changes.</summary>
[NotAudited("The unread count itself shows it.")]
public sealed record MarkConversationUnread(long ConversationId) : IRequest;

internal sealed class MarkConversationUnreadHandler(IAppDbContext db) : AsyncRequestHandler<MarkConversationUnread>
{
    protected override async Task Handle(MarkConversationUnread request, CancellationToken cancellationToken)
    {
        var conversation = await db.Conversations.SingleOrDefaultAsync(c => c.Id == request.ConversationId, cancellationToken)
            ?? throw new NotFoundException("conversation_not_found");

        // A message that the customer unsent is not the last one.
        var inbound = db.Messages.Where(m => m.ConversationId == conversation.Id && m.InboundNumber != null);
        var last = await inbound.Where(m => m.DeletedAt == null).OrderByDescending(m => m.OccurredAt).ThenByDescending(m => m.Id)
            .Select(m => m.InboundNumber).FirstOrDefaultAsync(cancellationToken);
        if (last is not { } number) return;

        var withdrawnSince = await inbound.CountAsync(m => m.DeletedAt != null && m.InboundNumber > number, cancellationToken)
            + await db.MessageReactions.CountAsync(
                r => r.Message.ConversationId == conversation.Id && r.Emoji == null && r.InboundNumber > number, cancellationToken);
        conversation.MarkUnread(number, withdrawnSince);
        await db.SaveChangesAsync(cancellationToken);
    }
}
