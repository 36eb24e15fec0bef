namespace MetaMessaging.Application.CannedReplies;

/// <summary>All canned replies as the caller would send them in this conversation, by shortcut.</summary>
public sealed record OfferCannedReplies(long ConversationId) : IRequest<IReadOnlyList<OfferedCannedReply>>;

/// <param name="Text">With its placeholders filled in.</param>
public sealed record OfferedCannedReply(long Id, string Name, string Shortcut, string Text);

internal sealed class OfferCannedRepliesHandler(IAppDbContext db, ICaller caller)
    : IRequestHandler<OfferCannedReplies, IReadOnlyList<OfferedCannedReply>>
{
    public async Task<IReadOnlyList<OfferedCannedReply>> Handle(OfferCannedReplies request, CancellationToken cancellationToken)
    {
        var conversation = await db.Conversations.AsNoTracking().Include(c => c.Contact).Include(c => c.Connection)
            .SingleOrDefaultAsync(c => c.Id == request.ConversationId, cancellationToken)
            ?? throw new NotFoundException("conversation_not_found");
        var replies = await db.CannedReplies.AsNoTracking().OrderBy(r => r.Shortcut).ToListAsync(cancellationToken);

        var values = new PlaceholderValues(conversation.Contact.KnownName, caller.Sender.Name, conversation.Connection.PageName);
        return [.. replies.Select(r => new OfferedCannedReply(r.Id, r.Name, r.Shortcut, r.FillIn(values)))];
    }
}
