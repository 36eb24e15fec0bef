namespace MetaMessaging.Application.Live;

/// <summary>Whether the organization has the conversation.</summary>
public sealed record HasConversation(long Id) : IRequest<bool>;

internal sealed class HasConversationHandler(IAppDbContext db) : IRequestHandler<HasConversation, bool>
{
    public Task<bool> Handle(HasConversation request, CancellationToken cancellationToken) =>
        db.Conversations.AnyAsync(c => c.Id == request.Id, cancellationToken);
}
