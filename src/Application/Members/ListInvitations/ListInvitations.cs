namespace MetaMessaging.Application.Members;

/// <summary>The invitations that are still open, newest first.</summary>
public sealed record ListInvitations(int? Limit = null, string? Cursor = null) : IRequest<Page<InvitationModel>>, IPaged;

public sealed record InvitationModel(
    long Id, string Email, IReadOnlyList<OrganizationRoles> Roles, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

internal sealed class ListInvitationsValidator : AbstractValidator<ListInvitations>
{
    public ListInvitationsValidator() => Include(new PagedValidator());
}

internal sealed class ListInvitationsHandler(IAppDbContext db, TimeProvider clock)
    : IRequestHandler<ListInvitations, Page<InvitationModel>>
{
    public async Task<Page<InvitationModel>> Handle(ListInvitations request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var page = await db.Invitations.AsNoTracking().Where(i => i.ExpiresAt > now)
            .ToPageAsync(request, i => i.CreatedAt, cancellationToken);
        return page.Select(i => new InvitationModel(i.Id, i.Email, i.Roles.ToList(), i.CreatedAt, i.ExpiresAt));
    }
}
