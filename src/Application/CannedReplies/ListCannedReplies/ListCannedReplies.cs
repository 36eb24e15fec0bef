namespace MetaMessaging.Application.CannedReplies;

/// <summary>The organization's canned replies with their placeholders, newest first.</summary>
public sealed record ListCannedReplies(int? Limit = null, string? Cursor = null) : IRequest<Page<CannedReplyModel>>, IPaged;

internal sealed class ListCannedRepliesValidator : AbstractValidator<ListCannedReplies>
{
    public ListCannedRepliesValidator() => Include(new PagedValidator());
}

internal sealed class ListCannedRepliesHandler(IAppDbContext db) : IRequestHandler<ListCannedReplies, Page<CannedReplyModel>>
{
    public Task<Page<CannedReplyModel>> Handle(ListCannedReplies request, CancellationToken cancellationToken) =>
        db.CannedReplies.ToPageAsync<CannedReply, CannedReplyModel>(request, reply => reply.CreatedAt, cancellationToken);
}
