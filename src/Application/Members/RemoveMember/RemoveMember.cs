namespace MetaMessaging.Application.Members;

/// <summary>Removes a member from the organization. The account stays, and so does the name beside the member's messages.</summary>
public sealed record RemoveMember(long UserId) : IRequest;

internal sealed class RemoveMemberHandler(IAppDbContext db, MembershipChange change, AuditLog audit) : AsyncRequestHandler<RemoveMember>
{
    protected override async Task Handle(RemoveMember request, CancellationToken cancellationToken)
    {
        await change.UnassignAsync(request.UserId, cancellationToken);
        await db.SaveChangesAsync(
            async token =>
            {
                var (membership, account) = await change.LockAsync(request.UserId, token);
                if (membership.IsActiveAdmin) await change.EnsureAnotherAdminAsync(membership, token);
                await change.EndWorkAsync(membership, token);
                db.Memberships.Remove(membership);
                audit.Record(
                    AuditActions.MemberRemoved, AuditTarget.User(account.Id, account.Name),
                    new AuditChange("roles", membership.Roles.ToList(), null));
                await db.SaveChangesAsync(token);
            }, cancellationToken);
    }
}
