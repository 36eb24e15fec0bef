using FluentValidation;
using Mapster;
using MediatR;
using MetaMessaging.Application.Common;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.CannedReplies;

/// <summary>The organization's canned replies as they are kept, newest first.</summary>
public sealed record ListCannedReplies(int? Limit = null, string? Cursor = null) : IRequest<Page<CannedReplyModel>>, IPaged;

internal sealed class ListCannedRepliesValidator : AbstractValidator<ListCannedReplies>
{
    public ListCannedRepliesValidator() => Include(new PagedValidator());
}

internal sealed class ListCannedRepliesHandler(IAppDbContext db) : IRequestHandler<ListCannedReplies, Page<CannedReplyModel>>
{
    public async Task<Page<CannedReplyModel>> Handle(ListCannedReplies request, CancellationToken cancellationToken)
    {
        var limit = request.Limit ?? Cursor.DefaultLimit;
        var replies = db.CannedReplies.AsNoTracking();
        if (Cursor.Parse(request.Cursor) is { } after) replies = replies.Where(r => r.CreatedAt < after.At || (r.CreatedAt == after.At && r.Id < after.Id));

        var found = await replies.OrderByDescending(r => r.CreatedAt).ThenByDescending(r => r.Id).Take(limit + 1).ToListAsync(cancellationToken);
        var page = Cursor.Cut(found, limit, r => new Cursor(r.CreatedAt, r.Id));
        return new Page<CannedReplyModel>(page.Items.Adapt<List<CannedReplyModel>>(), page.NextCursor);
    }
}
