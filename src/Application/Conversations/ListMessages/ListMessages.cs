using FluentValidation;
using Mapster;
using MediatR;
using MetaMessaging.Application.Common;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Conversations;

/// <summary>A conversation's messages, newest first.</summary>
public sealed record ListMessages(long ConversationId, int? Limit = null, string? Cursor = null) : IRequest<Page<MessageModel>>, IPaged;

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

        var limit = request.Limit ?? Cursor.DefaultLimit;
        var messages = db.Messages.AsNoTracking().Include(m => m.Attachments).Include(m => m.Reactions).Where(m => m.ConversationId == request.ConversationId);
        if (Cursor.Parse(request.Cursor) is { } after)
            messages = messages.Where(m => m.OccurredAt < after.At || (m.OccurredAt == after.At && m.Id < after.Id));

        var found = await messages.OrderByDescending(m => m.OccurredAt).ThenByDescending(m => m.Id).Take(limit + 1).ToListAsync(cancellationToken);
        var page = Cursor.Cut(found, limit, m => new Cursor(m.OccurredAt, m.Id));
        return new Page<MessageModel>(await db.WithQuotesAsync(page.Items.Adapt<List<MessageModel>>(), cancellationToken), page.NextCursor);
    }
}
