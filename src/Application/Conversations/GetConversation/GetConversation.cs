namespace MetaMessaging.Application.Conversations;

/// <summary>One conversation with its current messaging window.</summary>
public sealed record GetConversation(long Id) : IRequest<ConversationModel>;

internal sealed class GetConversationHandler(IAppDbContext db, TimeProvider clock) : IRequestHandler<GetConversation, ConversationModel>
{
    public async Task<ConversationModel> Handle(GetConversation request, CancellationToken cancellationToken)
    {
        var conversation = await db.Conversations.AsNoTracking().Include(c => c.Contact).Include(c => c.Connection)
            .SingleOrDefaultAsync(c => c.Id == request.Id, cancellationToken)
            ?? throw new NotFoundException("conversation_not_found");
        var lastMessages = await db.LastMessagesAsync([conversation.Id], cancellationToken);
        var now = clock.GetUtcNow();
        var model = ConversationModel.Of(conversation, lastMessages.GetValueOrDefault(conversation.Id), now);
        return model with { Connection = ConversationConnection.Of(conversation, now) };
    }
}
