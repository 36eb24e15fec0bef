using MetaMessaging.Application.Conversations;

namespace MetaMessaging.Application.Outbound;

/// <summary>Queues a failed message again at its place in the thread, together with the later parts of its send that wait for it.</summary>
/// <param name="Tag">Set by software that retries after the 24 hours; when a person retries, it is implied.</param>
/// <param name="AgentId">The person who wrote the message, when it is retried with an API key.</param>
[NotAudited("The message itself shows its sender and status.")]
public sealed record RetryMessage(long MessageId, MessageTag? Tag = null, long? AgentId = null) : IRequest<MessageModel>;

internal sealed class RetryMessageValidator : AbstractValidator<RetryMessage>
{
    public RetryMessageValidator() => RuleFor(r => r.Tag).IsInEnum();
}

internal sealed class RetryMessageHandler(IAppDbContext db, HumanAuthor author, IDispatcher dispatcher, TimeProvider clock)
    : IRequestHandler<RetryMessage, MessageModel>
{
    public async Task<MessageModel> Handle(RetryMessage request, CancellationToken cancellationToken)
    {
        var message = await db.Messages.Include(m => m.Conversation.Connection).Include(m => m.Attachments).Include(m => m.Reactions)
            .SingleOrDefaultAsync(m => m.Id == request.MessageId, cancellationToken)
            ?? throw new NotFoundException("message_not_found");

        var laterParts = await db.Messages
            .Where(m => m.SendId == message.SendId && m.SendId != null && m.PartNumber > message.PartNumber)
            .ToListAsync(cancellationToken);
        var asHumanAgent = await author.IsHumanAgentOfRetryAsync(message, request.Tag, request.AgentId, cancellationToken);
        message.Retry(laterParts, asHumanAgent, clock.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken);

        dispatcher.Wake(message.ConversationId);
        return message.Adapt<MessageModel>();
    }
}
