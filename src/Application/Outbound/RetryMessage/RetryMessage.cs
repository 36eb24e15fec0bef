using FluentValidation;
using Mapster;
using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Conversations;
using MetaMessaging.Domain.Conversations;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Outbound;

/// <summary>A failed message again, with its place in the thread and its history kept; the parts of its send that it held back come along.</summary>
/// <param name="Tag">Asked for by software, after the 24 hours; a person who retries need not ask.</param>
/// <param name="AgentId">The person behind it, when it comes with an API key.</param>
public sealed record RetryMessage(long MessageId, MessageTag? Tag = null, long? AgentId = null) : IRequest<MessageModel>;

internal sealed class RetryMessageValidator : AbstractValidator<RetryMessage>
{
    public RetryMessageValidator() => RuleFor(r => r.Tag).IsInEnum();
}

internal sealed class RetryMessageHandler(IAppDbContext db, HumanAuthor author, IDispatcher dispatcher, TimeProvider clock) : IRequestHandler<RetryMessage, MessageModel>
{
    public async Task<MessageModel> Handle(RetryMessage request, CancellationToken cancellationToken)
    {
        var message = await db.Messages.Include(m => m.Conversation.Connection).Include(m => m.Attachments).Include(m => m.Reactions)
            .SingleOrDefaultAsync(m => m.Id == request.MessageId, cancellationToken)
            ?? throw new NotFoundException("message_not_found");

        var behind = await db.Messages.Where(m => m.SendId == message.SendId && m.SendId != null && m.PartNumber > message.PartNumber).ToListAsync(cancellationToken);
        message.Retry(behind, await author.RetriesAsHumanAsync(message, request.Tag, request.AgentId, cancellationToken), clock.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken);

        dispatcher.Wake(message.ConversationId);
        return message.Adapt<MessageModel>();
    }
}
