namespace MetaMessaging.Application.Members;

/// <summary>What the page of an invitation shows to whoever has its link.</summary>
public sealed record GetInvitation(string Token) : IRequest<InvitationDetails>;

/// <param name="HasAccount">The address has an account, so that person signs in instead of choosing a password.</param>
public sealed record InvitationDetails(
    string Organization, string Email, IReadOnlyList<OrganizationRoles> Roles, string? InvitedBy, DateTimeOffset ExpiresAt,
    bool HasAccount, bool IsMember);

internal sealed class GetInvitationHandler(IAppDbContext db, IUserAccounts accounts, TimeProvider clock)
    : IRequestHandler<GetInvitation, InvitationDetails>
{
    public async Task<InvitationDetails> Handle(GetInvitation request, CancellationToken cancellationToken)
    {
        var invitation = await db.FindInvitationAsync(request.Token, clock.GetUtcNow(), cancellationToken);
        var organization = await db.Organizations.AsNoTracking().SingleAsync(o => o.Id == invitation.OrganizationId, cancellationToken);
        var account = await accounts.FindByEmailAsync(invitation.Email, cancellationToken);
        var isMember = account is not null && await db.Memberships.AnyAsync(
            m => m.OrganizationId == invitation.OrganizationId && m.UserId == account.Id, cancellationToken);
        var names = await accounts.NamesAsync(invitation.InvitedByUserId is { } id ? [id] : [], cancellationToken);
        return new InvitationDetails(
            organization.Name, invitation.Email, invitation.Roles.ToList(), names.Values.SingleOrDefault(), invitation.ExpiresAt,
            account is not null, isMember);
    }
}
