namespace MetaMessaging.Application.Members;

/// <summary>Invites a person by a link that works once, for seven days.</summary>
public sealed record InviteMember(string? Email, IReadOnlyList<OrganizationRoles>? Roles) : IRequest<InvitedMember>, IRepeatable;

/// <param name="InviteUrl">Only the hash of its token is stored, so it cannot be shown again.</param>
public sealed record InvitedMember(
    long Id, string Email, IReadOnlyList<OrganizationRoles> Roles, DateTimeOffset ExpiresAt, string InviteUrl);

internal sealed class InviteMemberValidator : AbstractValidator<InviteMember>
{
    public InviteMemberValidator()
    {
        RuleFor(i => i.Email).NotEmpty().IsEmailAddress();
        RuleFor(i => i.Roles).AreRoles();
    }
}

internal sealed class InviteMemberHandler(
    IAppDbContext db, IUserAccounts accounts, InvitationLinks links, IMail mail, ICaller caller, OrganizationScope scope)
    : IRequestHandler<InviteMember, InvitedMember>
{
    public async Task<InvitedMember> Handle(InviteMember request, CancellationToken cancellationToken)
    {
        var (organizationId, email) = (scope.OrganizationId!.Value, request.Email!.Trim());
        var account = await accounts.FindByEmailAsync(email, cancellationToken);
        if (account is not null
            && await db.Memberships.AnyAsync(m => m.OrganizationId == organizationId && m.UserId == account.Id, cancellationToken))
            throw new ConflictException("already_member", $"{email} is a member already.");

        InvitedMember? invited = null;
        await db.SaveChangesAsync(
            async token => invited = await links.CreateAsync(organizationId, email, request.Roles!.Combine(), token), cancellationToken);
        var organization = await db.Organizations.Where(o => o.Id == organizationId).Select(o => o.Name).SingleAsync(cancellationToken);
        mail.Enqueue(Mail.Invitation(email, organization, caller.Name, new Uri(invited!.InviteUrl), invited.ExpiresAt));
        return invited;
    }
}
