using Mapster;
using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Conversations;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Outbound;

/// <summary>A failed message again, with its place in the thread and its history kept; the parts of its send that it held back come along.</summary>
public sealed record RetryMessage(long MessageId) : IRequest<MessageModel>;

internal sealed class RetryMessageHandler(IAppDbContext db, IDispatcher dispatcher, TimeProvider clock) : IRequestHandler<RetryMessage, MessageModel>
{
    public async Task<MessageModel> Handle(RetryMessage request, CancellationToken cancellationToken)
    {
        var message = await db.Messages.Include(m => m.Conversation.Connection).Include(m => m.Attachments).Include(m => m.Reactions)
            .SingleOrDefaultAsync(m => m.Id == request.MessageId, cancellationToken)
            ?? throw new NotFoundException("message_not_found");

        var behind = await db.Messages.Where(m => m.SendId == message.SendId && m.SendId != null && m.PartNumber > message.PartNumber).ToListAsync(cancellationToken);
        message.Retry(clock.GetUtcNow());
        foreach (var part in behind) part.FollowRetried(clock.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken);

        dispatcher.Wake(message.ConversationId);
        return message.Adapt<MessageModel>();
    }
}
