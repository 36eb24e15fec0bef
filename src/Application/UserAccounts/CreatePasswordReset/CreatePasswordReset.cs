namespace MetaMessaging.Application.UserAccounts;

/// <summary>Makes a link by which a member chooses a new password; mailed, too, when mail is set up.</summary>
public sealed record CreatePasswordReset(long UserId) : IRequest<PasswordResetLink>;

public sealed record PasswordResetLink(string ResetUrl, DateTimeOffset ExpiresAt);

internal sealed class CreatePasswordResetHandler(
    IAppDbContext db, IUserAccounts accounts, IPasswords passwords, IMail mail, IPublicAddress address, ICaller caller,
    OrganizationScope scope, AuditLog audit, TimeProvider clock) : IRequestHandler<CreatePasswordReset, PasswordResetLink>
{
    public async Task<PasswordResetLink> Handle(CreatePasswordReset request, CancellationToken cancellationToken)
    {
        var memberships = await db.Memberships.Where(m => m.UserId == request.UserId)
            .Select(m => m.OrganizationId).ToListAsync(cancellationToken);
        var user = await accounts.FindAsync(request.UserId, cancellationToken);
        if (user is null || !memberships.Contains(scope.OrganizationId ?? 0)) throw new NotFoundException("member_not_found");

        // With the link the admin could sign in as this person, so it must open nothing that the admin may not see.
        if (!caller.IsSystemAdmin && (user.IsSystemAdmin || memberships.Count > 1))
            throw new AccessDeniedException("password_reset_not_allowed", "Only a system administrator may reset this person's password.");

        var link = address.PasswordReset(await passwords.CreateResetTokenAsync(user.Id, cancellationToken));
        var expiresAt = clock.GetUtcNow() + IPasswords.ResetLifetime;
        audit.Record(AuditActions.PasswordResetLinkCreated, AuditTarget.User(user.Id, user.Name));
        await db.SaveChangesAsync(cancellationToken);
        mail.Enqueue(Mail.PasswordReset(user.Email, user.Name, link, expiresAt));
        return new PasswordResetLink(link.AbsoluteUri, expiresAt);
    }
}
