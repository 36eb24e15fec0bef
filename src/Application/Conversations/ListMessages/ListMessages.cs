namespace MetaMessaging.Application.Conversations;

/// <summary>A conversation's messages, newest first.</summary>
public sealed record ListMessages(long ConversationId, int? Limit = null, string? Cursor = null) : IRequest<Page<MessageModel>>, IPaged
{
    public string List => FormattableString.Invariant($"{nameof(ListMessages)}{ConversationId}");
}

internal sealed class ListMessagesValidator : AbstractValidator<ListMessages>
{
    public ListMessagesValidator() => Include(new PagedValidator());
}

internal sealed class ListMessagesHandler(IAppDbContext db) : IRequestHandler<ListMessages, Page<MessageModel>>
{
    public async Task<Page<MessageModel>> Handle(ListMessages request, CancellationToken cancellationToken)
    {
        if (!await db.Conversations.AnyAsync(c => c.Id == request.ConversationId, cancellationToken))
            throw new NotFoundException("conversation_not_found");

        var page = await db.Messages.AsNoTracking()
            .Include(m => m.Attachments)
            .Include(m => m.Reactions)
            .Where(m => m.ConversationId == request.ConversationId)
            .ToPageAsync(request, message => message.OccurredAt, cancellationToken);
        var models = page.Select(message => message.Adapt<MessageModel>());
        return models with { Items = await db.WithQuotesAsync(models.Items, cancellationToken) };
    }
}
