namespace MetaMessaging.Application.UserAccounts;

/// <summary>The caller's sessions, those used last first.</summary>
public sealed record ListSessions(int? Limit = null, string? Cursor = null) : IRequest<Page<SessionModel>>, IPaged;

/// <param name="Device">Browser and system; null when it did not say.</param>
/// <param name="Address">The network address that it was last used from.</param>
/// <param name="LastSeenAt">To the hour.</param>
/// <param name="Current">Whether this request belongs to it.</param>
public sealed record SessionModel(
    long Id, string? Device, string? Address, DateTimeOffset StartedAt, DateTimeOffset LastSeenAt, bool Current);

internal sealed class ListSessionsValidator : AbstractValidator<ListSessions>
{
    public ListSessionsValidator() => Include(new PagedValidator());
}

internal sealed class ListSessionsHandler(IAppDbContext db, ICaller caller) : IRequestHandler<ListSessions, Page<SessionModel>>
{
    public async Task<Page<SessionModel>> Handle(ListSessions request, CancellationToken cancellationToken)
    {
        var page = await db.UserSessions.AsNoTracking().Where(s => s.UserId == caller.UserId)
            .ToPageAsync(request, s => s.LastSeenAt, cancellationToken);
        return page.Select(s => new SessionModel(s.Id, s.Device, s.Address, s.StartedAt, s.LastSeenAt, s.Id == caller.SessionId));
    }
}
