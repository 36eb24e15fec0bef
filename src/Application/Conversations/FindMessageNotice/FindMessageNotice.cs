namespace MetaMessaging.Application.Conversations;

/// <summary>What a browser's notification says about a new message; null when the message does not concern the caller.</summary>
public sealed record FindMessageNotice(long MessageId) : IRequest<NoticeModel?>;

/// <param name="Id">Of the message or the note.</param>
public sealed record NoticeModel(long Id, long ConversationId, string Title, string Text);

internal sealed class FindMessageNoticeHandler(IAppDbContext db, ICaller caller) : IRequestHandler<FindMessageNotice, NoticeModel?>
{
    public async Task<NoticeModel?> Handle(FindMessageNotice request, CancellationToken cancellationToken)
    {
        var message = await db.Messages.AsNoTracking().Include(m => m.Attachments).Include(m => m.Conversation.Contact)
            .SingleOrDefaultAsync(m => m.Id == request.MessageId, cancellationToken)
            ?? throw new NotFoundException("message_not_found");
        var concernsCaller = message.Direction is MessageDirection.Inbound
            && (message.Conversation.AssigneeId is null || message.Conversation.AssigneeId == caller.UserId);
        return concernsCaller
            ? new NoticeModel(message.Id, message.ConversationId, message.Conversation.Contact.Name, MessagePreview.Of(message))
            : null;
    }
}
