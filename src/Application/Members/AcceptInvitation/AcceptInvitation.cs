using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.Application.Members;

/// <summary>Makes a new account, or the one that is signed in, a member of the organization.</summary>
/// <param name="UserId">The signed-in user; null for a person without an account, who chooses a name and a password.</param>
public sealed record AcceptInvitation(string? Token, string? Name, string? Password, long? UserId) : IRequest<AcceptedInvitation>;

public sealed record AcceptedInvitation(UserAccount User, long OrganizationId);

internal sealed class AcceptInvitationValidator : AbstractValidator<AcceptInvitation>
{
    public AcceptInvitationValidator()
    {
        RuleFor(a => a.Token).NotEmpty();
        RuleFor(a => a.Name).IsName(200).When(a => a.UserId is null);
        RuleFor(a => a.Password).NotEmpty().MaximumLength(PasswordRules.MaxLength).When(a => a.UserId is null);
    }
}

internal sealed class AcceptInvitationHandler(IAppDbContext db, IUserAccounts accounts, AuditLog audit, TimeProvider clock)
    : IRequestHandler<AcceptInvitation, AcceptedInvitation>
{
    public async Task<AcceptedInvitation> Handle(AcceptInvitation request, CancellationToken cancellationToken)
    {
        var invitation = await db.FindInvitationAsync(request.Token, clock.GetUtcNow(), cancellationToken);
        UserAccount? user = null;
        await db.SaveChangesAsync(async token => user = await AcceptAsync(request, invitation, token), cancellationToken);
        return new AcceptedInvitation(user!, invitation.OrganizationId);
    }

    private async Task<UserAccount> AcceptAsync(AcceptInvitation request, Invitation invitation, CancellationToken cancellationToken)
    {
        // Of several at once only one deletes the row. The organization is not entered yet, so its filter would hide the row.
        var deleted = await db.Invitations.IgnoreQueryFilters().Where(i => i.Id == invitation.Id).ExecuteDeleteAsync(cancellationToken);
        if (deleted == 0) throw OpenInvitations.Expired();

        var user = await AccountAsync(request, invitation, cancellationToken);
        if (await db.Memberships.AnyAsync(m => m.OrganizationId == invitation.OrganizationId && m.UserId == user.Id, cancellationToken))
            throw new ConflictException("already_member", "You are a member of this organization already.");

        db.Memberships.Add(new Membership(invitation.OrganizationId, user.Id, invitation.Roles));
        audit.Record(
            invitation.OrganizationId, new AuditActor(AuditActorType.Person, user.Id, user.Name), AuditActions.MemberJoined,
            AuditTarget.User(user.Id, user.Name), new AuditChange("roles", null, invitation.Roles.ToList()));
        await db.SaveChangesAsync(cancellationToken);
        return user;
    }

    private async Task<UserAccount> AccountAsync(AcceptInvitation request, Invitation invitation, CancellationToken cancellationToken)
    {
        if (request.UserId is { } userId)
        {
            var signedIn = (await accounts.FindAllAsync([userId], cancellationToken))[userId];
            return invitation.IsFor(signedIn.Email) ? signedIn : throw new ConflictException(
                "invitation_for_another_address", $"This invitation is for {invitation.Email}, and you are signed in as {signedIn.Email}.");
        }

        if (await accounts.FindByEmailAsync(invitation.Email, cancellationToken) is not null)
            throw new ConflictException("account_exists", $"{invitation.Email} has an account already. Sign in with it, then accept.");
        return await accounts.CreateAsync(
            new NewUserAccount(invitation.Email, request.Name!, request.Password!, IsSystemAdmin: false), cancellationToken);
    }
}
