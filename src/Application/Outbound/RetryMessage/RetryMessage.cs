using Mapster;
using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Conversations;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Outbound;

/// <summary>A failed message again, with its place in the thread and its history kept.</summary>
public sealed record RetryMessage(long MessageId) : IRequest<MessageModel>;

internal sealed class RetryMessageHandler(IAppDbContext db, IDispatcher dispatcher, TimeProvider clock) : IRequestHandler<RetryMessage, MessageModel>
{
    public async Task<MessageModel> Handle(RetryMessage request, CancellationToken cancellationToken)
    {
        var message = await db.Messages.Include(m => m.Conversation.Connection).Include(m => m.Attachments).Include(m => m.Reactions)
            .SingleOrDefaultAsync(m => m.Id == request.MessageId, cancellationToken)
            ?? throw new NotFoundException("message_not_found");

        message.Retry(clock.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken);

        dispatcher.Wake(message.ConversationId);
        return message.Adapt<MessageModel>();
    }
}
