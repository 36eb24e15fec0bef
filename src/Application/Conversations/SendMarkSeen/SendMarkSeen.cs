namespace MetaMessaging.Application.Conversations;

/// <summary>Sends Meta's mark_seen. A refusal is logged and not repeated, because the customer misses nothing but the mark.</summary>
[NotAudited("It follows from reading a conversation.")]
public sealed record SendMarkSeen(long ConversationId) : IJob;

internal sealed partial class SendMarkSeenHandler(IAppDbContext db, IMetaMessages metaMessages, ILogger<SendMarkSeenHandler> logger)
    : AsyncRequestHandler<SendMarkSeen>
{
    protected override async Task Handle(SendMarkSeen request, CancellationToken cancellationToken)
    {
        var conversation = await db.Conversations.AsNoTracking().Include(c => c.Connection)
            .SingleOrDefaultAsync(c => c.Id == request.ConversationId, cancellationToken);
        if (conversation is null || !await db.IsActiveAsync(conversation.OrganizationId, cancellationToken)) return;

        try
        {
            var recipient = Recipient.Of(conversation.Connection, conversation.Channel, conversation.ScopedUserId);
            await metaMessages.MarkSeenAsync(recipient, cancellationToken);
        }
        catch (Exception exception) when (exception is GraphException or ConflictException)
        {
            LogRefused(request.ConversationId, exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "Meta was not told that conversation {ConversationId} was seen: {Reason}")]
    private partial void LogRefused(long conversationId, string reason);
}
