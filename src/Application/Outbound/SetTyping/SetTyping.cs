namespace MetaMessaging.Application.Outbound;

/// <summary>Shows the customer that an agent is typing. If Meta refuses, that is only logged.</summary>
[NotAudited("It changes nothing.")]
public sealed record SetTyping(long ConversationId, bool On) : IRequest;

internal sealed partial class SetTypingHandler(IAppDbContext db, IMetaMessages metaMessages, ILogger<SetTypingHandler> logger)
    : AsyncRequestHandler<SetTyping>
{
    protected override async Task Handle(SetTyping request, CancellationToken cancellationToken)
    {
        var conversation = await db.Conversations.AsNoTracking().Include(c => c.Connection)
            .SingleOrDefaultAsync(c => c.Id == request.ConversationId, cancellationToken)
            ?? throw new NotFoundException("conversation_not_found");
        if (!await db.IsActiveAsync(conversation.OrganizationId, cancellationToken)) return;

        try
        {
            var recipient = Recipient.Of(conversation.Connection, conversation.Channel, conversation.ScopedUserId);
            await metaMessages.SetTypingAsync(recipient, request.On, cancellationToken);
        }
        catch (Exception exception) when (exception is GraphException or ConflictException)
        {
            LogNotShown(request.ConversationId, exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "Typing was not shown in conversation {ConversationId}: {Reason}")]
    private partial void LogNotShown(long conversationId, string reason);
}
